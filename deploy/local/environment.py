"""What each service is told on the local stack: its ZAIRYU_* environment variables."""

from deploy.local.ports import HOST
from deploy.local.process import plain_environment
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack

SERVICES = (*SERVICES_WITH_DATABASE, "gateway")


def settings(service: str, stack: LocalStack) -> dict[str, str]:
    """The variables of one service, by name. Nothing else about the local stack reaches a service."""
    ports = stack.ports
    values = {
        "HOST": HOST,
        "PORT": str(getattr(ports, service)),
        "REGISTRATION_URL": f"http://{HOST}:{ports.registration}",
    }
    if service in SERVICES_WITH_DATABASE:
        values |= {
            "DATABASE_URL": stack.postgres.url(service),
            "KAFKA_BOOTSTRAP": stack.broker.bootstrap,
            "KAFKA_IDEMPOTENCE": str(stack.broker.idempotence).lower(),
            # One machine needs no more, and each costs every idle consumer a little.
            "KAFKA_PARTITIONS": "3",
            "SEALING_KEY": stack.postgres.secrets.fernet("sealing_key"),
        }
    return {f"ZAIRYU_{name}": value for name, value in values.items()}


def environment(service: str, stack: LocalStack) -> dict[str, str]:
    """The whole environment of a service's process."""
    return plain_environment() | settings(service, stack)
