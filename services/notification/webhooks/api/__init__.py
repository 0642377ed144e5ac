"""HTTP: webhooks of an organisation or a person."""

from services.notification.webhooks.api.log import router as log
from services.notification.webhooks.api.webhooks import router as webhooks

# In this order: fixed paths come before those with an id.
ROUTERS = [webhooks, log]
