"""`python -m services.notification`."""

import shared.importing  # noqa: F401 - before what takes long to import
from services.notification.app import create_app
from services.notification.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("notification", Settings.read(), create_app)
