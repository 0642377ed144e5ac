"""Audit tags of the document service."""

from shared.journal import AuditTag


class Tag(AuditTag):
    """All tags of the document service."""

    ACCEPT = "document:accept"
    REJECT = "document:reject"
    OFFER = "document:offer"
    REPAIR = "document:repair"
    READ = "document:read"
    VIEW = "document:view"
    SEARCH = "document:search"
    RELEASE = "document:release"
    DOWNLOAD = "document:download"
    RENAME = "document:rename"
    DELETE = "document:delete"
    PURGE = "document:purge"
    HOLD = "hold:set"
    LIFT = "hold:lift"
    ERASE = "document:erase"
    ERASURE = "erasure:done"
    ARCHIVE = "archive:begin"
    EXPIRE = "document:expire"
    FILE = "document:file"
    SCAN = "document:scan"
    ALTERED = "document:altered"
