"""The least that the local stack takes for a service: listens on ZAIRYU_PORT, and is ready where that is asked."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    """200 for everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    port = os.environ["ZAIRYU_PORT"]
    if (operations := os.environ.get("ZAIRYU_OPERATIONS_PORT", port)) != port:
        beside = HTTPServer(("127.0.0.1", int(operations)), Ready)
        threading.Thread(target=beside.serve_forever, daemon=True).start()
    HTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
