"""`python -m services.registration` runs the service."""

from services.registration.app import create_app
from services.registration.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("registration", Settings.read(), create_app)
