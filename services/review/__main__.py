"""`python -m services.review`."""

from services.review.app import create_app
from services.review.settings import Settings
from shared.service import serve

serve("review", Settings.read(), create_app)
