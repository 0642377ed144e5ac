"""Reports about mails, in the shapes in which mail systems send them, from what their documentation shows."""

from email.message import EmailMessage
from email.policy import SMTP

Report = bytes


def _returned(subject: str = "Application received") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "no-reply@zairyu.example.jp"
    mail["To"] = "nguyen@example.com"
    mail["Subject"] = subject
    mail["Message-ID"] = "<019-x.1@zairyu.example.jp>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Fee 550 yen; error 5.9.9 is no status of ours.")
    return mail


def multipart(sender: str, to: str, words: str, status: str, **headers: str) -> Report:
    """A report of three parts (RFC 3462): words, status fields, the returned mail."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        (
            f"Return-Path: <>\r\nFrom: {sender}\r\nTo: {to}\r\n{more}MIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b1"\r\n\r\n'
            f"--=_b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
            f"--=_b1\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
            f"--=_b1\r\nContent-Type: message/rfc822\r\n\r\n"
        ).encode()
        + _returned().as_bytes()
        + b"\r\n--=_b1--\r\n"
    )


def _fields(*lines: str) -> str:
    return "\r\n".join(lines)


def postfix(
    to: str, status: str = "5.1.1", action: str = "failed", diagnostic: str = "550 5.1.1 User unknown"
) -> Report:
    """Postfix: `Action: failed` also where a delay of days has ended, with a status of class 4."""
    return multipart(
        "MAILER-DAEMON@relay.example.jp (Mail Delivery System)",
        to,
        "This is the mail system at host relay.example.jp.\r\n\r\nI'm sorry to have to inform you that your message "
        "could not\r\nbe delivered to one or more recipients.",
        _fields(
            "Reporting-MTA: dns; relay.example.jp",
            "X-Postfix-Queue-ID: 4F1x2y3z",
            "Arrival-Date: Wed,  1 Jul 2026 12:00:00 +0900 (JST)",
            "",
            "Final-Recipient: rfc822; nguyen@example.com",
            "Original-Recipient: rfc822;nguyen@example.com",
            f"Action: {action}",
            f"Status: {status}",
            "Remote-MTA: dns; mx.example.com",
            f"Diagnostic-Code: smtp; {diagnostic}",
        ),
        Auto_Submitted="auto-replied",
        Subject="Undelivered Mail Returned to Sender",
    )


def exchange(to: str, status: str = "5.1.10") -> Report:
    """Exchange and Microsoft 365: words for people in HTML, its own codes below 5.1 and 5.4."""
    return multipart(
        "postmaster@contoso.onmicrosoft.example",
        to,
        "Your message to nguyen@example.com couldn't be delivered.\r\nThe recipient was not found.",
        _fields(
            "Reporting-MTA: dns;TYWP286MB0001.JPNP286.PROD.OUTLOOK.COM",
            "Received-From-MTA: dns;relay.example.jp",
            "",
            "Final-Recipient: rfc822;nguyen@example.com",
            "Action: failed",
            f"Status: {status}",
            f"Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
            "X-Display-Name: nguyen@example.com",
        ),
        Subject="Undeliverable: Application received",
        X_MS_Exchange_Message_Is_Ndr="",
        Auto_Submitted="auto-replied",
    )


def gmail(
    to: str, status: str = "5.1.1", words: str = "The email account that you tried to reach does not exist"
) -> Report:
    """Gmail: an answer of several lines in one field."""
    return multipart(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        to,
        f"** Address not found **\r\n\r\n{words}",
        _fields(
            "Reporting-MTA: dns; googlemail.com",
            "Arrival-Date: Tue, 30 Jun 2026 20:00:00 -0700 (PDT)",
            "",
            "Final-Recipient: rfc822; nguyen@example.com",
            "Action: failed",
            f"Status: {status}",
            "Remote-MTA: dns; gmail-smtp-in.l.google.com.",
            f"Diagnostic-Code: smtp; 550-{status} {words}. Please try",
            f" 550-{status} double-checking the recipient's address for typos.",
            "Last-Attempt-Date: Tue, 30 Jun 2026 20:00:01 -0700 (PDT)",
        ),
        Auto_Submitted="auto-replied",
        Subject="Delivery Status Notification (Failure)",
    )


def exim(to: str) -> Report:
    """Exim before it knew reports: one text, and a field that names the recipients."""
    return (
        f"Return-path: <>\r\nEnvelope-to: {to}\r\nX-Failed-Recipients: nguyen@example.com\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "From: Mail Delivery System <Mailer-Daemon@mail.example.net>\r\n"
        f"To: {to}\r\nSubject: Mail delivery failed: returning message to sender\r\n\r\n"
        "This message was created automatically by mail delivery software.\r\n\r\n"
        "A message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error."
        " The following address(es) failed:\r\n\r\n  nguyen@example.com\r\n    host mx.example.com [192.0.2.5]\r\n"
        "    SMTP error from remote mail server after RCPT TO:<nguyen@example.com>:\r\n"
        "    550 No such user here\r\n\r\n"
        "------ This is a copy of the message, including all the headers. ------\r\n\r\n"
    ).encode() + _returned().as_bytes()


def sendmail(to: str) -> Report:
    """Sendmail: a status without its reason, and the reason in the other server's answer."""
    return multipart(
        "Mail Delivery Subsystem <MAILER-DAEMON@mail.example.org>",
        to,
        "   ----- The following addresses had permanent fatal errors -----\r\n<nguyen@example.com>\r\n"
        "    (reason: 550 5.1.1 <nguyen@example.com>... User unknown)",
        _fields(
            "Reporting-MTA: dns; mail.example.org",
            "Received-From-MTA: DNS; relay.example.jp",
            "",
            "Final-Recipient: RFC822; nguyen@example.com",
            "Action: failed",
            "Status: 5.0.0",
            "Diagnostic-Code: SMTP; 550 5.1.1 <nguyen@example.com>... User unknown",
        ),
        Auto_Submitted="auto-generated (failure)",
        Subject="Returned mail: see transcript for details",
    )


def carrier(to: str, words: str = "次のあて先が見つかりませんでした。\n<nguyen@example.com>: Unknown user") -> Report:
    """A Japanese mobile carrier: one text in ISO-2022-JP, without a code."""
    text = f"{words}\n\n".replace("\n", "\r\n").encode("iso-2022-jp")
    head = (
        f"From: Mail Administrator <Postmaster@carrier.example.jp>\r\nTo: {to}\r\n"
        "Subject: =?ISO-2022-JP?B?GyRCJSglaSE8JWEhPCVrGyhC?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    )
    return head.encode() + text


def absent(to: str) -> Report:
    """The answer of a program for an absent reader (RFC 3834)."""
    return (
        f"Return-Path: <>\r\nFrom: nguyen@example.com\r\nTo: {to}\r\nAuto-Submitted: auto-replied\r\n"
        "Subject: Out of office\r\n\r\nI am away until 550 5.1.1 July.\r\n"
    ).encode()
