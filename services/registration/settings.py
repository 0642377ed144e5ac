"""Configuration of registration: what every service has, and its own."""

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from shared.sealing import Vault
from shared.settings import BehindGateway, SealingSettings


class Settings(SealingSettings, BehindGateway):
    """Environment variables with the prefix `ZAIRYU_`."""

    port: int = Field(8101, description="port to listen on")
    vault_key: SecretStr = Field(
        description="key that seals signing keys, second factors and the like in registration's own database (Fernet,"
        " base64); earlier keys, which still open, behind commas"
    )
    digest_key: SecretStr = Field(
        description="key of the digests by which registration counts and compares addresses; a new one forgets them"
    )
    public_url: str = Field("http://127.0.0.1:8000", description="where people reach the site; links in mails start so")
    password_link_hours: int = Field(72, description="how long a link to set a password can be used", ge=1, le=72)
    password_threads: int = Field(
        2, description="passwords hashed at the same time; each takes one core and 32 MiB for 0.1 s", ge=1, le=32
    )
    password_expiry_days: int | None = Field(
        None,
        description="a password ends so many days after it was set, with two mails before; unset: never",
        ge=31,
    )
    session_idle_minutes: int = Field(30, description="a session that fetches no token for so long ends", ge=5, le=1440)
    session_absolute_hours: int = Field(12, description="a session ends so long after sign-in, whatever is done", ge=1)
    signing_key_days: int = Field(90, description="the key that signs access tokens is replaced after so long", ge=1)
    refresh_token_idle_days: int = Field(
        30, description="what a person lets an API client do ends when it is not used for so long", ge=1, le=90
    )
    authorization_days: int = Field(
        365, description="what a person lets an API client do ends after so long, however it is used", ge=1, le=365
    )
    access_token_minutes: int = Field(5, description="how long an access token is good", ge=1, le=10)
    oidc_issuer: str | None = Field(
        None, description="identity provider (OpenID Connect) at which people prove who they are; unset: none"
    )
    oidc_client_id: str | None = Field(None, description="this site's id at the identity provider")
    oidc_client_secret: SecretStr | None = Field(
        None, description="this site's secret at the identity provider; unset: PKCE alone"
    )
    oidc_acr_values: str = Field(
        "", description="levels of assurance (acr) of which a sign-in needs one, separated by spaces; empty: any"
    )

    draft_days: int = Field(
        30, description="a draft of a usage registration that nobody touches is deleted after so long", ge=8, le=365
    )

    agreements_dir: str = Field(
        "", description="directory with the terms of use and the pledge as TOML files; empty: the samples"
    )

    @field_validator("vault_key")
    @classmethod
    def _vault_key(cls, value: SecretStr) -> SecretStr:
        Vault(value.get_secret_value())
        return value

    @property
    def passkey_domain(self) -> str:
        """The relying party id: passkeys work on this host and those below it."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def origin(self) -> str:
        """The origin of the site's pages."""
        site = urlsplit(self.public_url)
        return f"{site.scheme}://{site.netloc}"

    @property
    def password_link_for(self) -> timedelta:
        return timedelta(hours=self.password_link_hours)

    @property
    def draft_kept_for(self) -> timedelta:
        return timedelta(days=self.draft_days)

    @property
    def session_idle_for(self) -> timedelta:
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_absolute_for(self) -> timedelta:
        return timedelta(hours=self.session_absolute_hours)

    @property
    def refresh_token_idle_for(self) -> timedelta:
        return timedelta(days=self.refresh_token_idle_days)

    @property
    def authorization_for(self) -> timedelta:
        return timedelta(days=self.authorization_days)

    @property
    def access_token_for(self) -> timedelta:
        return timedelta(minutes=self.access_token_minutes)
