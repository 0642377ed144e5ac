"""The local mailbox in a browser: `python -m deploy.local.mail_viewer [--directory DIR]`, on 127.0.0.1 until Ctrl-C.

Reads the Maildir alone, so that it works with a running stack and after it has ended.
"""

import argparse
import email
import email.policy
import re
import sys
import webbrowser
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.mailbox import RECIPIENT_HEADER
from deploy.local.ports import HOST, Ports, is_free
from deploy.local.problems import StackProblem
from deploy.local.process import port_conflict
from deploy.local.stack import DATA

_LINK = re.compile(r"https?://[^\s<>\"']+")
# A mail's HTML is a stranger's: it runs nothing, loads nothing, and is held in a frame without an origin.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_PAGES = Environment(
    autoescape=True,
    loader=DictLoader(
        {
            "frame": """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title>
<style>
body { font: 16px/1.6 "Noto Sans JP", sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; background: #f5f5f5; padding: 1rem; }
iframe { width: 100%; height: 32rem; border: 1px solid #ccc; } td { overflow-wrap: anywhere; }
</style>{% block body %}{% endblock %}</html>""",
            "list": """{% extends "frame" %}{% block body %}<h1>{{ title }}</h1>
{% if not mails %}<p>No mail has arrived yet.</p>{% else %}
<table><thead><tr><th scope="col">Time</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>
{% for mail in mails %}<tr><td>{{ mail.time }}</td><td>{{ mail.to }}</td>
<td><a href="/mails/{{ mail.name }}">{{ mail.subject }}</a></td></tr>{% endfor %}</tbody></table>{% endif %}
{% endblock %}""",
            "mail": """{% extends "frame" %}{% block body %}<p><a href="/">All mails</a></p><h1>{{ mail.subject }}</h1>
<p>{{ mail.time }}<br>To: {{ mail.to }}<br>From: {{ mail.sender }}</p><pre>{{ text }}</pre>
{% if html %}<h2>HTML</h2><iframe sandbox srcdoc="{{ html }}" title="HTML part of the mail"></iframe>{% endif %}
{% endblock %}""",
        }
    ),
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One kept mail. `name` is its file's name in the Maildir."""

    name: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return ", ".join(str(address) for address in self.message.get_all(RECIPIENT_HEADER, []))

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", "")) or "(no subject)"

    @property
    def time(self) -> str:
        date = self.message.get("Date")
        return f"{parsedate_to_datetime(str(date)).astimezone():%Y-%m-%d %H:%M:%S}" if date else ""

    def part(self, kind: str) -> str:
        """The text of the `plain` or `html` part, empty where there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


def mails(maildir: Path) -> list[Mail]:
    """The mails of a Maildir, newest first."""
    found = []
    for path in [*maildir.glob("new/*"), *maildir.glob("cur/*")]:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append((path.stat().st_mtime_ns, Mail(path.name, message)))
    return [mail for _, mail in sorted(found, key=lambda each: each[0], reverse=True)]


def create_app(maildir: Path) -> Starlette:
    """The viewer of one Maildir."""

    async def every(_: Request) -> Response:
        return _page("list", title="Local mailbox", mails=mails(maildir))

    async def one(request: Request) -> Response:
        wanted = request.path_params["name"]
        mail = next((mail for mail in mails(maildir) if mail.name == wanted), None)
        if mail is None:
            return PlainTextResponse("There is no such mail.", 404)
        return _page("mail", title=mail.subject, mail=mail, text=_linked(mail.part("plain")), html=mail.part("html"))

    # A page of somewhere else cannot read the mails through a name that it points at this address.
    only_here = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(routes=[Route("/", every), Route("/mails/{name}", one)], middleware=[only_here])


def _page(name: str, **values: Any) -> Response:
    return HTMLResponse(_PAGES.get_template(name).render(values), headers={"Content-Security-Policy": _POLICY})


def _linked(text: str) -> Markup:
    """`text` with its addresses as links."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        link = escape(found[0])
        parts += [escape(text[end : found.start()]), Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(link)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def newest_maildir(directory: Path) -> Path:
    """The Maildir that got mail last: of the stack on `directory` or of one below it. Raises `StackProblem`."""
    found = [
        path for path in (directory / "mailbox" / "mail", directory / "demo" / "mailbox" / "mail") if path.exists()
    ]
    if not found:
        raise StackProblem(f"there is no mailbox in {directory}: start a stack with `make up` or `make demo`")
    return max(found, key=lambda path: (path / "new").stat().st_mtime_ns)


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.mail_viewer", description=__doc__)
    parser.add_argument("--directory", type=Path, default=DATA, help="the stack's directory")
    given = parser.parse_args()
    try:
        maildir = newest_maildir(given.directory)
        port = Ports.from_environment().mail_viewer
        if not is_free(port):
            raise StackProblem(port_conflict(port, "the mail viewer"))
    except StackProblem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    print(f"zairyu: the mails of {maildir} at http://{HOST}:{port} until Ctrl-C", flush=True)
    webbrowser.open(f"http://{HOST}:{port}")
    uvicorn.run(create_app(maildir), host=HOST, port=port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
