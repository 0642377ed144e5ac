"""`python -m services.notification`."""

from services.notification.app import create_app
from services.notification.settings import Settings
from shared.service import serve

if __name__ == "__main__":
    serve("notification", Settings.read(), create_app)
