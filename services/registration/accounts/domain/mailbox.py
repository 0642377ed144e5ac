"""Comparison of mailboxes: nobody decides about, or invites, themselves."""

import unicodedata


def mailbox(address: str) -> str:
    """The form in which mail addresses are compared: whatever the case, the width, or what stands behind a plus."""
    local, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def same_mailbox(one: str | None, other: str | None) -> bool:
    """Whether both are addresses of one mailbox; an address that is not known is nobody's."""
    return one is not None and other is not None and mailbox(one) == mailbox(other)
