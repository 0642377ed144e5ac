"""The gateway's configuration."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from shared.http.limits import UPLOAD_BODY
from shared.settings import BehindGateway


class Settings(BehindGateway):
    """Addresses of the services, and settings of the browser's session."""

    application_url: str = Field("http://127.0.0.1:8102", description="where the application service is")
    document_url: str = Field("http://127.0.0.1:8103", description="where the document service is")
    review_url: str = Field("http://127.0.0.1:8104", description="where the review service is")
    notification_url: str = Field("http://127.0.0.1:8105", description="where the notification service is")
    files_url: str = Field(
        "",
        description="address of the S3 store for browsers, which send large files straight to it; empty: all files go"
        " through the gateway",
        pattern=r"^(https?://[^/;,\s]+)?$",
    )
    public_url: str = Field("http://127.0.0.1:8000", description="the site's address as its users write it")
    allowed_origins: str = Field("", description="further origins whose pages may send changes, comma-separated")
    cookie_secure: bool = Field(True, description="session cookie over TLS only; off for plain HTTP on one machine")
    session_cookie: str = Field("zairyu_session", description="name of the cookie; __Host- is put before it under TLS")
    csrf_key: SecretStr | None = Field(None, description="key of the CSRF tokens; unset: random, for one gateway alone")
    place_rules: str = Field(
        "", description="TOML file with the rules from where the site may be used; empty: from everywhere"
    )
    agreements_dir: str = Field(
        "", description="directory with the terms of use and the pledge as TOML files; empty: the samples"
    )
    site_texts_dir: str = Field(
        "",
        description="directory with privacy policy, accessibility statement, help and contact page as TOML files;"
        " empty: the samples",
    )
    operator_name: str = Field(
        "", description="who runs the site, as `Japanese/English`; empty: the pages say that it is not set"
    )
    contact_telephone: str = Field("", description="telephone number of the contact desk", pattern=r"^[0-9+() -]*$")
    contact_hours: str = Field("", description="opening hours of the contact desk, as `Japanese/English`")
    contact_url: str = Field("", description="page of the contact desk", pattern=r"^(https?://\S+)?$")
    mail_from: str = Field("no-reply@zairyu.local", description="sender's address of every mail")
    mail_from_name: str = Field("在留申請オンライン", description="sender's name of every mail")
    trusted_proxies: str = Field("", description="addresses of proxies whose X-Forwarded-For is believed")
    identity_name: str = Field(
        "", description="whose identities the sign-in page takes too, as `Japanese/English`; empty: no such button"
    )
    components_page: bool = Field(False, description="show `/components`, the page for people who write pages")
    operations_host: str = Field("127.0.0.1", description="address of `/readyz`, `/metrics` and operator routes")
    operations_port: int = Field(8001, description="their port, apart from the public one")
    max_upload_bytes: int = Field(UPLOAD_BODY, description="largest request that is passed on", ge=1)
    upstream_seconds: float = Field(30.0, description="how long a service may take for an answer", gt=0)
    requests_per_minute: int = Field(1200, description="requests from one address (IPv6: /64) in a minute", ge=1)
    session_requests_per_minute: int = Field(600, description="requests of one session in a minute", ge=1)
    notices_per_minute: int = Field(
        6000, description="notices of an outside system, such as payments, from one address in a minute", ge=1
    )
    sign_ins_per_minute: int = Field(30, description="sign-in attempts from one address in a minute", ge=1)
    client_requests_per_minute: int = Field(
        1200, description="requests of one API client in a minute, from all its addresses", ge=1
    )
    limits_url: SecretStr | None = Field(
        None,
        description="Valkey or Redis server in which several gateways count together, as `valkey://:PASSWORD@HOST:6379/0`;"
        " unset: each gateway for its own",
    )
    requests_in_progress: int = Field(100, description="requests of one address that are worked on at once", ge=1)
    session_requests_in_progress: int = Field(20, description="requests of one session at once", ge=1)
    files_in_progress: int = Field(10, description="files that one address sends at once", ge=1)
    connections_per_address: int = Field(200, description="open connections of one address, proxies apart", ge=1)

    @field_validator("limits_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("valkey://", "valkeys://", "redis://", "rediss://")):
            raise ValueError("begin it with valkey://, or valkeys:// for TLS")
        return value

    @property
    def services(self) -> dict[str, str]:
        """Base URLs by name."""
        return {
            "registration": self.registration_url.rstrip("/"),
            "application": self.application_url.rstrip("/"),
            "document": self.document_url.rstrip("/"),
            "review": self.review_url.rstrip("/"),
            "notification": self.notification_url.rstrip("/"),
        }

    @property
    def identity_names(self) -> dict[str, str]:
        """The identity provider's name by language."""
        return by_language(self.identity_name)

    @property
    def cookie_name(self) -> str:
        """Under TLS `__Host-` binds the cookie to this host and to TLS; without TLS browsers would refuse it."""
        return f"__Host-{self.session_cookie}" if self.cookie_secure else self.session_cookie

    @property
    def origins(self) -> frozenset[str]:
        """Origins whose pages may send changes, scheme and port included; no other is believed."""
        listed = (origin.strip().rstrip("/").lower() for origin in self.allowed_origins.split(","))
        return frozenset({_origin(self.public_url), *filter(None, listed)})


def by_language(text: str) -> dict[str, str]:
    """A setting that is written as `Japanese/English`; one text serves for both."""
    ja, _, en = text.partition("/")
    return {"ja": ja.strip(), "en": en.strip() or ja.strip()}


def _origin(url: str) -> str:
    """The origin of a page at `url`, as browsers send it: without the port that its scheme has anyway."""
    site = urlsplit(url)
    default = {"http": 80, "https": 443}.get(site.scheme)
    port = "" if site.port in (None, default) else f":{site.port}"
    host = site.hostname or ""
    return f"{site.scheme}://{f'[{host}]' if ':' in host else host}{port}"
