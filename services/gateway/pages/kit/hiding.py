"""`/announcements/hide`: puts an announcement aside, without a script and without signing in."""

from services.gateway.pages.kit.announcements import HIDE, hide_announcement
from services.gateway.pages.kit.frame import page_router

router = page_router()
router.post(HIDE)(hide_announcement)
