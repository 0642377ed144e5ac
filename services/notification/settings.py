"""Configuration of the notification service."""

from typing import Literal

from pydantic import Field, SecretStr

from shared.settings import SealingSettings


class Settings(SealingSettings):
    """`ZAIRYU_` and the name in capitals."""

    public_url: str = Field("http://127.0.0.1:8000", description="address of the gateway as people see it")
    smtp_host: str = Field("127.0.0.1", description="the site's mail relay")
    smtp_port: int = Field(8525, description="port of the mail relay", ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = Field("none", description="how the mail relay is spoken to")
    smtp_username: str | None = Field(None, description="user name at the mail relay; unset: no sign-in")
    smtp_password: SecretStr | None = Field(None, description="password at the mail relay")
    smtp_timeout: float = Field(20, description="seconds an attempt may take in all", gt=0)
    mail_from: str = Field("no-reply@zairyu.local", description="sender's address of every mail")
    mail_from_name: str = Field("在留申請オンライン", description="sender's name of every mail")
    mail_domain: str = Field("zairyu.local", description="domain of Message-IDs")
    mail_concurrency: int = Field(8, description="mails sent at the same time by one process", ge=1, le=100)
    mail_contact: str = Field(
        "出入国在留管理庁 オンライン申請窓口 / Online application desk",
        description="who to ask, at the end of every mail",
    )
    card_office_address: str | None = Field(None, description="where old cards are sent; unset: the office's name")
    content_days: int = Field(30, description="days for which a mail's content is kept for resending", ge=1)
    contact_days: int = Field(365, description="days after which an applicant's address is forgotten", ge=30)
