"""A notification service that only reads reports about mails, in a process of its own, for `test_bounces_once`."""

import asyncio

from services.notification.app import create_app
from services.notification.settings import Settings
from shared.parts import Part, keep_running


async def main() -> None:
    app = create_app(Settings())
    async with keep_running(Part("reports", app.state.report_reader.run)):
        await asyncio.Event().wait()
