"""`python -m services.document`."""

from services.document.app import create_app
from services.document.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("document", Settings.read(), create_app)
