"""Files with many applications: template, upload, progress, what is wrong, filing, receipts."""

from services.gateway.pages.portal.imports import deletion, downloads, overview, papers, receipts, start

ROUTERS = [page.router for page in (start, downloads, overview, papers, receipts, deletion)]
