"""The mailbox of the local stack: an SMTP server that keeps what it gets in a Maildir and sends nothing on.

`python -m deploy.local.mailbox PORT DIRECTORY`. `<DIRECTORY>/refuse.json`, a list of
`{"recipient": glob, "code": 451, "text": "..."}`, makes it refuse recipients, so that failures can be tried.
"""

import asyncio
import json
import mailbox
import signal
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import HOST

SENDER_HEADER = "X-Envelope-From"
RECIPIENT_HEADER = "X-Envelope-To"
# A mail with a 25 MB attachment, in base64.
_SIZE_LIMIT = 36_000_000


class Keeper:
    """aiosmtpd's hooks: who is refused, and where mail is kept."""

    def __init__(self, directory: Path) -> None:
        self._rules = directory / "refuse.json"
        self._maildir = mailbox.Maildir(directory / "mail", create=True)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse by rule, otherwise accept."""
        for rule in json.loads(self._rules.read_text()) if self._rules.exists() else []:
            if fnmatchcase(address.lower(), rule["recipient"].lower()):
                return f"{rule['code']} {rule['text']}"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one copy, with sender and recipients of the envelope as headers."""
        assert isinstance(envelope.content, bytes)
        added = f"{SENDER_HEADER}: {envelope.mail_from}\r\n"
        added += "".join(f"{RECIPIENT_HEADER}: {address}\r\n" for address in envelope.rcpt_tos)
        # Written to a temporary name and renamed, as Maildir demands: a reader never sees half a mail.
        self._maildir.add(added.encode() + envelope.content)
        return "250 kept"


async def serve(port: int, directory: Path) -> None:
    """Until SIGTERM or SIGINT."""
    keeper = Keeper(directory)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(
            keeper, hostname="mailbox.zairyu.local", enable_SMTPUTF8=True, data_size_limit=_SIZE_LIMIT, loop=loop
        ),
        host=HOST,
        port=port,
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
