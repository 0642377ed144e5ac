"""Pages for everybody: the start page, texts about the site, terms of use and pledge."""

from services.gateway.pages.public import (
    agreements,
    certificate_link,
    site_texts,
    specification,
    start,
    times,
    unsubscribe,
    verification,
)

ROUTERS = [
    page.router
    for page in (start, specification, site_texts, agreements, verification, certificate_link, unsubscribe, times)
]
