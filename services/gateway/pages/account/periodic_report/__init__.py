"""The periodic report (定期報告) of an organisation."""

from services.gateway.pages.account.periodic_report import documents, report

ROUTERS = [report.router, documents.router]
