"""Every mail: one function each, that turns an event into what its template shows."""

from services.notification.mails.catalogue import MAILS, WITHOUT_MAIL, MailKind, by_template

__all__ = ["MAILS", "WITHOUT_MAIL", "MailKind", "by_template"]
