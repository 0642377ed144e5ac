"""Configuration: environment variables with the prefix `ZAIRYU_`, read once at start.

Every setting has its line in docs/settings.md (a guard test compares them).
"""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.sealing import Sealer, private_key, public_key

Part = Literal["api", "relay", "consumer", "jobs"]
ALL_PARTS: tuple[Part, ...] = ("api", "relay", "consumer", "jobs")


class ProcessSettings(BaseSettings):
    """Settings of every process, the gateway included."""

    model_config = SettingsConfigDict(env_prefix="ZAIRYU_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, description="port to listen on")
    log_level: str = Field("INFO", description="least severe level that is logged")
    otlp_endpoint: str | None = Field(None, description="where traces go (OTLP over HTTP); unset: nowhere")
    token_issuer: str = Field("https://zairyu.local", description="`iss` that an access token must carry")
    registration_url: str = Field("http://127.0.0.1:8101", description="where token keys and revocations are fetched")

    @classmethod
    def read(cls) -> Self:
        """The settings of the environment. Ends the process with a line for each variable that is missing or wrong."""
        try:
            return cls()
        except ValidationError as error:
            raise SystemExit("\n".join(_line(cls, str(each["loc"][0]), each) for each in error.errors())) from None


def _line(settings: type[BaseSettings], name: str, error: ErrorDetails) -> str:
    # The value itself is never printed: it may be a secret.
    wrong = "is not set" if error["type"] == "missing" else f"cannot be used: {error['msg']}"
    return f"ZAIRYU_{name.upper()} {wrong} ({settings.model_fields[name].description})"


class ServiceSettings(ProcessSettings):
    """Settings of every service with a database and events."""

    database_url: SecretStr = Field(description="the service's own database, as its own role (asyncpg URL)")
    migration_url: SecretStr | None = Field(None, description="the same database as its owner; only for migrations")
    database_pool_size: int = Field(10, description="connections a process may hold", ge=1)
    kafka_bootstrap: str = Field("127.0.0.1:9092", description="Kafka brokers, comma-separated host:port")
    kafka_username: str | None = Field(None, description="user at the brokers (SASL); unset: no sign-in")
    kafka_password: SecretStr | None = Field(None, description="password at the brokers")
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        "SCRAM-SHA-512", description="how the password is shown to the brokers"
    )
    kafka_tls: bool = Field(False, description="TLS to the brokers")
    kafka_ca_file: str | None = Field(None, description="certificates that sign the brokers'; unset: the system's")
    kafka_idempotence: bool = Field(True, description="idempotent producer; off for the local stack's broker")
    kafka_partitions: int = Field(12, description="partitions of a topic that this service creates", ge=1)
    kafka_replication: int = Field(1, description="replicas of a topic that this service creates", ge=1)
    kafka_retention_hours: int = Field(336, description="how long a topic keeps an event", ge=1)
    parts: str = Field("api,relay,consumer,jobs", description="which parts this process runs, comma-separated")
    event_key: SecretStr = Field(
        description="the service's own private key, for the codes that show its events to be authentic; the key before"
        " it, still accepted, behind a comma"
    )
    event_public_keys: str = Field(
        description="public keys of all services with events: `review=KEY application=KEY,PREVIOUS ...`"
    )
    timestamp_url: str | None = Field(None, description="RFC 3161 time-stamping service for journal seals; unset: none")

    @field_validator("event_key")
    @classmethod
    def _private_keys(cls, value: SecretStr) -> SecretStr:
        for key in value.get_secret_value().split(","):
            private_key(key)
        return value

    @field_validator("event_public_keys")
    @classmethod
    def _public_keys(cls, value: str) -> str:
        for pair in value.split():
            for key in pair.partition("=")[2].split(","):
                public_key(key)
        return value

    @field_validator("parts")
    @classmethod
    def _known_parts(cls, value: str) -> str:
        unknown = [p for p in value.split(",") if p not in ALL_PARTS]
        if unknown:
            raise ValueError(f"unknown part {unknown[0]!r}: choose from {', '.join(ALL_PARTS)}")
        return value

    @property
    def inbox_remembers(self) -> timedelta:
        """The time for which the inbox remembers an event, and after which one that comes again is refused: twice as
        long as topics keep it."""
        return timedelta(hours=2 * self.kafka_retention_hours)

    @property
    def part_set(self) -> frozenset[str]:
        return frozenset(self.parts.split(","))


class BehindGateway(ProcessSettings):
    """Settings of a process that states callers' addresses to others, or has to know them."""

    gateway_key: SecretStr | None = Field(
        None,
        description="key with which the gateway proves whose requests it passes on, the same everywhere; unset:"
        " everybody behind the gateway counts as one caller, and the board shows one process of the gateway",
        min_length=32,
    )


class SealingSettings(ServiceSettings):
    """Settings of a service that puts addresses and links into events, or reads them."""

    sealing_key: SecretStr = Field(
        description="key for addresses and links inside events: the public one; notification, which alone opens them,"
        " the private one, with earlier private ones behind commas"
    )

    @field_validator("sealing_key")
    @classmethod
    def _sealing_key(cls, value: SecretStr) -> SecretStr:
        Sealer(value.get_secret_value())
        return value
