"""What this service's journal lines say was done."""

from shared.journal import AuditTag


class Tag(AuditTag):
    """All tags of the document service."""

    ACCEPT = "document:accept"
    REJECT = "document:reject"
    READ = "document:read"
    DOWNLOAD = "document:download"
    DELETE = "document:delete"
    EXPIRE = "document:expire"
    FILE = "document:file"
    ALTERED = "document:altered"
