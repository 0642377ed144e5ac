"""The mail relay behind SMTP: connections that are kept for the next mails."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import aiosmtplib

from services.notification.channels.mail.domain.replies import Meaning, Stage, dead_address, meaning_of
from services.notification.channels.mail.relay.compose import compose
from services.notification.channels.mail.relay.port import Mail, NotNow, Refused, Unreachable
from shared.clock import Clock, SystemClock

# Servers end a silent connection after some minutes; ours is given up before.
_KEPT_SECONDS = 30.0
# The server closes the connection, whatever it was asked.
_CLOSING = 421
_FAILURES = (aiosmtplib.SMTPException, TimeoutError, OSError)


class SmtpRelay:
    """One server that delivers mail for the site.

    A connection serves one mail at a time and is kept for the next one after a clear answer. A kept one that is dead
    when the next mail begins has nothing of that mail, and is replaced.

    `timeout` bounds a whole attempt: the client's own time-outs are per step, and a server that dribbles would hold a
    connection for minutes. `ca_file` has the certificates that sign the server's; None: the public ones. `sign` makes
    the DKIM signature.
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
        ca_file: Path | None = None,
        sign: Callable[[bytes], bytes] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._tls = ssl.create_default_context(cafile=ca_file) if security != "none" else None
        self._username = username
        self._password = password
        self._sender = (sender, sender_name)
        self._timeout = timeout
        self._sign = sign
        self._clock = clock or SystemClock()
        self._kept: list[tuple[aiosmtplib.SMTP, asyncio.TimerHandle]] = []

    def places(self, most: int) -> int:
        return most

    async def send(self, mail: Mail) -> None:
        content = await self._content(mail)
        deadline = asyncio.get_running_loop().time() + self._timeout
        while self._kept:
            try:
                return await self._hand_over(self._take(), mail, content, deadline)
            except _NotBegun:
                continue
        try:
            await self._hand_over(await self._connected(deadline), mail, content, deadline)
        except _NotBegun as error:
            raise NotNow(str(error), by_relay=True) from error

    async def check(self) -> None:
        self._keep(await self._connected(asyncio.get_running_loop().time() + self._timeout))

    async def _content(self, mail: Mail) -> bytes:
        """The mail as it is sent, and nothing of it changes after its signature."""
        content = compose(mail, *self._sender, self._clock.now())
        return content if self._sign is None else await asyncio.to_thread(self._sign, content)

    async def close(self) -> None:
        while self._kept:
            self._take().close()

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: Mail, content: bytes, deadline: float) -> None:
        """One mail in one transaction; the server has it once this returns. Raises `_NotBegun`, `NotNow`, `Refused`."""
        is_begun = is_clear = False
        try:
            async with asyncio.timeout_at(deadline):
                encoding, options = _options(client, mail.recipient, len(content))
                await client.mail(mail.return_path or self._sender[0], options=options, encoding=encoding)
                is_begun = True
                await client.rcpt(mail.recipient, encoding=encoding)
                await client.data(content)
            is_clear = True
        except aiosmtplib.SMTPResponseException as error:
            if error.code == _CLOSING and not is_begun:
                raise _NotBegun(_code_of(error)) from error
            meaning = meaning_of(_stage_of(error), error.code, error.message)
            if error.code != _CLOSING and meaning is not Meaning.RELAY:
                is_clear = await _reset(client, deadline)
            raise _refusal(error, meaning) from error
        except aiosmtplib.SMTPNotSupported as error:
            is_clear = True
            raise Refused("address-not-supported") from error
        except _FAILURES as error:
            if not is_begun:
                raise _NotBegun(_code_of(error)) from error
            raise NotNow(_code_of(error), by_relay=True) from error
        finally:
            if is_clear:
                self._keep(client)
            else:
                client.close()

    async def _connected(self, deadline: float) -> aiosmtplib.SMTP:
        """A new connection. Raises `Unreachable`."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            timeout=self._timeout,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._tls,
        )
        try:
            async with asyncio.timeout_at(deadline):
                await client.connect()
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()
        except _FAILURES as error:
            client.close()
            raise Unreachable(_code_of(error)) from error
        except BaseException:
            client.close()
            raise
        return client

    def _take(self) -> aiosmtplib.SMTP:
        client, expiry = self._kept.pop()
        expiry.cancel()
        return client

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        kept: tuple[aiosmtplib.SMTP, asyncio.TimerHandle]

        def expire() -> None:
            self._kept.remove(kept)
            client.close()

        kept = (client, asyncio.get_running_loop().call_later(_KEPT_SECONDS, expire))
        self._kept.append(kept)


class _NotBegun(Exception):
    """A connection that ended before the server answered to the sender of a mail. The text is a code."""


def _options(client: aiosmtplib.SMTP, recipient: str, size: int) -> tuple[str, list[str]]:
    """The encoding of addresses, and what is said of a mail to this one. Raises `SMTPNotSupported`."""
    encoding, options = ("ascii", []) if recipient.isascii() else ("utf-8", ["SMTPUTF8", "BODY=8BITMIME"])
    if options and not client.supports_extension("smtputf8"):
        raise aiosmtplib.SMTPNotSupported("no address of other letters")
    if client.supports_extension("size"):
        options.append(f"SIZE={size}")
    return encoding, options


async def _reset(client: aiosmtplib.SMTP, deadline: float) -> bool:
    """End a transaction that was refused; whether the connection is as new."""
    try:
        async with asyncio.timeout_at(deadline):
            await client.rset()
    except _FAILURES:
        return False
    return True


def _code_of(error: BaseException) -> str:
    """A failure of the relay as a code: an answer, or what went wrong below SMTP."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"smtp-{error.code}"
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return "certificate"
        if isinstance(seen, ssl.SSLError):
            return "tls"
        if isinstance(seen, TimeoutError):
            return "timeout"
        seen = seen.__cause__ or seen.__context__
    return "smtp-not-supported" if isinstance(error, aiosmtplib.SMTPNotSupported) else "connection"


def _stage_of(error: aiosmtplib.SMTPResponseException) -> Stage:
    match error:
        case aiosmtplib.SMTPRecipientRefused():
            return Stage.RCPT
        case aiosmtplib.SMTPDataError():
            return Stage.DATA
        case _:
            return Stage.MAIL


def _refusal(error: aiosmtplib.SMTPResponseException, meaning: Meaning) -> NotNow | Refused:
    code = f"smtp-{error.code}"
    if meaning is Meaning.FOR_GOOD:
        return Refused(code, status=dead_address(_stage_of(error), error.code, error.message))
    return NotNow(code, by_relay=meaning is Meaning.RELAY, throttled=meaning is Meaning.SLOWER)
