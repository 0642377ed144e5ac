"""Pages for everybody: the start page, texts about the site, terms of use and pledge."""

from services.gateway.pages.public import agreements, site_texts, specification, start, verification

ROUTERS = [page.router for page in (start, specification, site_texts, agreements, verification)]
