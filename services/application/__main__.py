"""`python -m services.application` runs the service."""

import shared.importing  # noqa: F401 - before what takes long to import
from services.application.app import create_app
from services.application.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("application", Settings.read(), create_app)
