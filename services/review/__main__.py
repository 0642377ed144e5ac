"""`python -m services.review`."""

import shared.importing  # noqa: F401 - before what takes long to import
from services.review.app import create_app
from services.review.settings import Settings
from shared.service import serve

serve("review", Settings.read(), create_app)
