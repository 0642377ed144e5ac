"""The ZAIRYU_* environment variables of each service on the local stack."""

from deploy.local.broker import PARTITIONS
from deploy.local.identity_provider.server import CLIENT_ID
from deploy.local.payment.app import KID
from deploy.local.ports import HOST
from deploy.local.process import plain_environment
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack

SERVICES = (*SERVICES_WITH_DATABASE, "gateway")


def settings(service: str, stack: LocalStack) -> dict[str, str]:
    """The variables of one service, by name. Nothing else about the local stack reaches a service."""
    ports, secrets = stack.ports, stack.postgres.secrets
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
            "KAFKA_PARTITIONS": str(PARTITIONS),
            "EVENT_KEY": secrets.pair(f"events_{service}")[0],
            "EVENT_PUBLIC_KEYS": " ".join(
                f"{name}={secrets.pair(f'events_{name}')[1]}" for name in SERVICES_WITH_DATABASE
            ),
        }
    if service in ("registration", "application", "review"):
        values["SEALING_KEY"] = secrets.pair("sealing")[1]
    if service == "notification":
        # It alone opens what the others sealed.
        values["SEALING_KEY"] = secrets.pair("sealing")[0]
    if service == "review":
        # Nobody who tries the system out waits half an hour for a decision.
        values["RECALL_MINUTES"] = "0"
    if service == "application":
        values["PERSON_KEY"] = secrets.text("application_person_key")
        values["PROOF_KEY"] = secrets.text("application_proof_key")
    if service == "review":
        values |= {
            "PAYMENT_URL": stack.payment.url,
            "PAYMENT_KEY": stack.payment.key,
            "PAYMENT_CALLBACK_KEYS": f"{KID}={stack.payment.callback_key}",
        }
    if service in ("registration", "application", "review", "notification", "gateway"):
        values["PUBLIC_URL"] = f"http://{HOST}:{ports.gateway}"
    if service in ("registration", "document", "gateway"):
        values["GATEWAY_KEY"] = stack.postgres.secrets.text("gateway_key")
    if service == "document":
        values |= {
            "S3_ENDPOINT": stack.object_store.endpoint,
            "S3_ACCESS_KEY": stack.object_store.access_key,
            "S3_SECRET_KEY": stack.object_store.secret_key,
            "S3_BUCKET": stack.object_store.bucket,
            "PREVIEW_KEY": secrets.text("document_preview_key"),
        }
        if stack.scanner is not None:
            values["CLAMD"] = stack.scanner.address
    if service == "registration":
        values |= {
            "VAULT_KEY": secrets.fernet("registration_vault_key"),
            "DIGEST_KEY": secrets.text("registration_digest_key"),
            "OIDC_ISSUER": stack.identity_provider.issuer,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": stack.identity_provider.client_secret,
        }
    if service == "notification":
        values |= {"SMTP_HOST": stack.mailbox.host, "SMTP_PORT": str(ports.smtp)}
        reports = stack.mailbox.reports
        for folder in ("new", "cur", "tmp"):
            (reports / folder).mkdir(parents=True, exist_ok=True)
        values |= {"MAIL_BOUNCE_ADDRESS": "bounce@zairyu.local", "MAIL_REPORTS": f"maildir:{reports}"}
        # A person who tries webhooks out has the receiver on this machine.
        values["WEBHOOK_LOOPBACK"] = "true"
    if service == "gateway":
        values |= {f"{name.upper()}_URL": f"http://{HOST}:{getattr(ports, name)}" for name in SERVICES_WITH_DATABASE}
        values |= {
            "FILES_URL": stack.object_store.endpoint,
            # Plain HTTP, as browsers reach it here.
            "COOKIE_SECURE": "false",
            "COMPONENTS_PAGE": "true",
            # People write either name of this machine into their browsers.
            "ALLOWED_ORIGINS": f"http://localhost:{ports.gateway}",
            "OPERATIONS_PORT": str(ports.gateway_operations),
            "CSRF_KEY": secrets.text("csrf_key"),
            "IDENTITY_NAME": "マイナンバーカード/My Number card",
        }
    return {f"ZAIRYU_{name}": value for name, value in values.items()}


def environment(service: str, stack: LocalStack) -> dict[str, str]:
    """The whole environment of a service's process."""
    return plain_environment() | settings(service, stack)
