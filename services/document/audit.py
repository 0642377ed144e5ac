"""Audit tags of the document service."""

from shared.journal import AuditTag


class Tag(AuditTag):
    """All tags of the document service."""

    ACCEPT = "document:accept"
    REJECT = "document:reject"
    OFFER = "document:offer"
    REPAIR = "document:repair"
    READ = "document:read"
    DOWNLOAD = "document:download"
    DELETE = "document:delete"
    ARCHIVE = "archive:begin"
    EXPIRE = "document:expire"
    FILE = "document:file"
    SCAN = "document:scan"
    ALTERED = "document:altered"
