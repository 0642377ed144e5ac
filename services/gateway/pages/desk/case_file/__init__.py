"""A case on one page, its files beside the form, their download, and its certificate to be printed."""

from services.gateway.pages.desk.case_file import certificate, downloads, of_application, overview, viewing

ROUTERS = [of_application.router, overview.router, downloads.router, viewing.router, certificate.router]
