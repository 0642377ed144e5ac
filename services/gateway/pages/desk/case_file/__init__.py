"""A case on one page, and the download of its files."""

from services.gateway.pages.desk.case_file import downloads, overview

ROUTERS = [overview.router, downloads.router]
