"""A case on one page, the download of its files, and its certificate to be printed."""

from services.gateway.pages.desk.case_file import certificate, downloads, overview

ROUTERS = [overview.router, downloads.router, certificate.router]
