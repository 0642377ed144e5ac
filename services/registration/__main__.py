"""`python -m services.registration` runs the service."""

import shared.importing  # noqa: F401 - before what takes long to import
from services.registration.app import create_app
from services.registration.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("registration", Settings.read(), create_app)
