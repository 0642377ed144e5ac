"""Configuration of the notification service."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field, FilePath, SecretStr, ValidationInfo, field_validator

from shared.errors import Text
from shared.notice_signature import read_keys
from shared.settings import SealingSettings

# What mails say where an operator has set nothing else; texts of code, so that they are translated.
SERVICE = Text("在留申請オンライン", "Online Residence Procedures")
CONTACT = Text("本サービスの運営窓口", "The help desk of this service")

Security = Literal["none", "starttls", "tls"]


class Settings(SealingSettings):
    """`ZAIRYU_` and the name in capitals."""

    public_url: str = Field("http://127.0.0.1:8000", description="address of the gateway as people see it")
    smtp_host: str = Field("127.0.0.1", description="the site's mail relay")
    smtp_port: int = Field(8525, description="port of the mail relay", ge=1, le=65535)
    smtp_security: Security = Field("none", description="how the mail relay is spoken to")
    smtp_username: str | None = Field(None, description="user name at the mail relay; unset: no sign-in")
    smtp_password: SecretStr | None = Field(None, description="password at the mail relay")
    smtp_timeout: float = Field(20, description="seconds an attempt by one relay may take in all", gt=0)
    smtp_ca_file: FilePath | None = Field(
        None, description="certificates that sign those of the mail relays; unset: the public ones"
    )
    smtp_second_host: str | None = Field(
        None, description="a second mail relay, used while the first one fails; unset: there is none"
    )
    smtp_second_port: int = Field(587, description="port of the second mail relay", ge=1, le=65535)
    smtp_second_security: Security = Field("starttls", description="how the second mail relay is spoken to")
    smtp_second_username: str | None = Field(None, description="user name at the second mail relay")
    smtp_second_password: SecretStr | None = Field(None, description="password at the second mail relay")
    mail_retry_hours: int = Field(
        72,
        description="hours for which a mail that is put off is tried, from its first failure",
        ge=1,
        le=240,
    )
    mail_dkim_domain: str | None = Field(
        None, description="domain for which mails are signed (DKIM); unset: that of the sender's address"
    )
    mail_dkim_keys: str = Field(
        "",
        description="keys that sign mails, `SELECTOR=FILE SELECTOR=FILE`, RSA or Ed25519 in PEM: a signature by each,"
        " the new beside the old while it changes over; empty: the mail relay signs",
    )
    mail_rates: str = Field(
        "",
        description="the most mails that a recipient's domain gets: `docomo.ne.jp=30/min au.com=2/s`; empty: no limits",
    )
    mail_from: str = Field("no-reply@zairyu.local", description="sender's address of every mail")
    mail_from_name: str = Field(SERVICE.ja, description="sender's name, and the service's name in Japanese mails")
    mail_domain: str = Field("zairyu.local", description="domain of Message-IDs")
    mail_bounce_address: str | None = Field(
        None,
        description="envelope sender of mails, to which reports of undelivered ones go; each mail has an address of its"
        " own below it (`bounce@...` gives `bounce+...@...`); unset: the sender's address, and no report is read",
        pattern=r"^[A-Za-z0-9_-]{1,16}@[A-Za-z0-9.-]{1,180}$",
    )
    mail_reports: str = Field(
        "",
        description="mailbox of these reports: `maildir:/PATH`, `imaps://USER@HOST/FOLDER` or `imap+starttls://...`;"
        " empty: none is read",
        pattern=r"^((maildir:/|imaps?://|imap\+starttls://)[^\s]+)?$",
    )
    mail_reports_password: SecretStr | None = Field(None, description="password at the IMAP server of that mailbox")
    mail_report_keys: SecretStr = Field(
        SecretStr(""),
        description="keys with which mail providers sign their reports: `kid=KEY kid=KEY`; empty: none is taken",
    )
    mail_reports_seconds: float = Field(30, description="seconds between two looks into that mailbox", gt=0)
    mail_concurrency: int = Field(8, description="mails sent at the same time by one process", ge=1, le=100)
    mail_from_name_en: str = Field(SERVICE.en, description="the service's name in English mails")
    mail_contact: str = Field(CONTACT.ja, description="who answers questions, at the end of Japanese mails")
    mail_contact_en: str = Field(CONTACT.en, description="who answers questions, at the end of English mails")
    mail_contact_phone: str | None = Field(None, description="telephone number of the contact; unset: none is named")
    mail_contact_hours: str | None = Field(None, description="when the telephone is answered, in Japanese")
    mail_contact_hours_en: str | None = Field(None, description="when the telephone is answered, in English")
    mail_contact_url: str | None = Field(None, description="page of the contact; unset: none is named")
    card_office_address: str | None = Field(
        None, description="postal address to which old cards are sent; unset: mails say to ask the contact"
    )
    content_days: int = Field(
        400, description="days for which a message's content is kept, for the inbox and for resending", ge=1
    )
    message_days: int = Field(
        2190,
        description="days for which is kept which message went to whom, after its end and that of its application; the"
        " inbox lists it until then",
        ge=30,
        le=36500,
    )
    contact_days: int = Field(365, description="days after which an applicant's address is forgotten", ge=30)
    webhook_places: int = Field(
        64, description="webhooks' messages sent at the same time by one process", ge=1, le=1000
    )
    webhook_places_each: int = Field(16, description="of these, how many may go to one receiver", ge=1, le=1000)
    webhook_loopback: bool = Field(
        False, description="webhooks may be at this machine, also over http: for the local stack and tests alone"
    )
    webhook_ca_file: str | None = Field(
        None, description="certificates that sign those of webhooks' receivers; unset: the public ones"
    )
    webhook_days: int = Field(30, description="days for which the log of a webhook is kept", ge=4)

    @field_validator("mail_report_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        read_keys(value.get_secret_value())
        return value

    @field_validator("message_days")
    @classmethod
    def _message_days(cls, value: int, info: ValidationInfo) -> int:
        # The inbox shows a content as long as it is kept, and no event may make a message a second time.
        least = max(info.data.get("content_days", 0), info.data.get("kafka_retention_hours", 0) * 2 // 24 + 1)
        if value < least:
            raise ValueError(
                f"a message is kept as long as its content (ZAIRYU_CONTENT_DAYS), and longer than an event can come"
                f" again (twice ZAIRYU_KAFKA_RETENTION_HOURS): give at least {least}"
            )
        return value

    @property
    def report_keys(self) -> dict[str, str]:
        """The keys of mail providers by their id."""
        return read_keys(self.mail_report_keys.get_secret_value())

    @field_validator("mail_reports")
    @classmethod
    def _reports(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("mail_bounce_address"):
            raise ValueError("reports are recognised by ZAIRYU_MAIL_BOUNCE_ADDRESS: set it as well")
        return value

    @field_validator("mail_dkim_keys")
    @classmethod
    def _dkim_keys(cls, value: str) -> str:
        _read_dkim_keys(value)
        return value

    @property
    def dkim_keys(self) -> dict[str, bytes]:
        """The keys that sign mails, in PEM by selector."""
        return _read_dkim_keys(self.mail_dkim_keys)

    @field_validator("mail_rates")
    @classmethod
    def _rates(cls, value: str) -> str:
        _read_rates(value)
        return value

    @property
    def mail_paces(self) -> dict[str, timedelta]:
        """The time between two mails to a domain, for those that have one."""
        return _read_rates(self.mail_rates)


# Receivers ignore keys below 1024 bits, and signers use 2048 (RFC 8301).
_SMALLEST_RSA = 2048


def _read_dkim_keys(text: str) -> dict[str, bytes]:
    """The keys of a setting, `SELECTOR=FILE SELECTOR=FILE`. Raises ValueError for another form, a file that cannot be
    read, and a key that is none or too short."""
    keys = {}
    for pair in text.split():
        selector, separator, file = pair.partition("=")
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,60}[A-Za-z0-9])?", selector) or not separator:
            raise ValueError("write `SELECTOR=FILE SELECTOR=FILE`")
        try:
            pem = Path(file).read_bytes()
            key = load_pem_private_key(pem, None)
        except OSError as error:
            raise ValueError(f"the key file of {selector} cannot be read") from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise ValueError(f"the key file of {selector} has no private key in PEM without a password") from error
        is_long_enough = isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA
        if not (is_long_enough or isinstance(key, Ed25519PrivateKey)):
            raise ValueError(f"the key of {selector} is neither Ed25519 nor RSA of {_SMALLEST_RSA} bits or more")
        keys[selector] = pem
    return keys


_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}
_RATE = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+)=([1-9][0-9]{0,5})/(s|min|h)")


def _read_rates(text: str) -> dict[str, timedelta]:
    """The time between two mails by domain, of `docomo.ne.jp=30/min au.com=2/s`. Raises ValueError for another form."""
    paces = {}
    for part in text.lower().split():
        found = _RATE.fullmatch(part)
        if found is None:
            raise ValueError("write `docomo.ne.jp=30/min au.com=2/s`: a domain, a number, and s, min or h")
        paces[found[1]] = _UNITS[found[3]] / int(found[2])
    return paces
