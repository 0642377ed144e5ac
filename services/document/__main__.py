"""`python -m services.document`."""

import shared.importing  # noqa: F401 - before what takes long to import
from services.document.app import create_app
from services.document.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("document", Settings.read(), create_app)
