"""The mail relay behind SMTP: a new connection for each mail."""

import asyncio

import aiosmtplib

from services.notification.channels.mail.relay.compose import compose
from services.notification.channels.mail.relay.port import Mail, NotNow, Refused
from shared.clock import Clock, SystemClock


class SmtpRelay:
    """The client of the site's relay, which signs (DKIM) and delivers.

    `timeout` bounds a whole attempt: the client's own time-outs are per step, and a server that dribbles would hold a
    connection for minutes. A connection of its own for each mail costs a millisecond beside the relay, and no mail
    suffers from what went wrong with another.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        sender_name: str,
        security: str = "none",
        username: str | None = None,
        password: str | None = None,
        timeout: float = 20,
        clock: Clock | None = None,
    ) -> None:
        self._client = {
            "hostname": host,
            "port": port,
            "username": username,
            "password": password,
            "timeout": timeout / 2,
            "use_tls": security == "tls",
            "start_tls": security == "starttls",
        }
        self._sender = (sender, sender_name)
        self._timeout = timeout
        self._clock = clock or SystemClock()

    async def send(self, mail: Mail) -> None:
        message = compose(mail, *self._sender, self._clock.now())
        try:
            async with asyncio.timeout(self._timeout):
                await aiosmtplib.send(
                    message,
                    sender=self._sender[0],
                    recipients=[mail.recipient],
                    **self._client,  # type: ignore[arg-type]
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _by_code(error.recipients[0].code) from error
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _by_code(error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            # Refused at connecting, greeting or signing in: our configuration or their overload, never the recipient.
            raise NotNow(f"smtp-{error.code}") from error
        except aiosmtplib.SMTPNotSupported as error:
            if mail.recipient.isascii():
                raise NotNow("smtp-not-supported") from error
            raise Refused("address-not-supported") from error
        except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
            raise NotNow("connection") from error


def _by_code(code: int) -> NotNow | Refused:
    return Refused(f"smtp-{code}") if code >= 500 else NotNow(f"smtp-{code}")
