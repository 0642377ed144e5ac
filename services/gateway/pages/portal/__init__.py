"""Pages of applicants: what needs them now, and their applications."""

from services.gateway.pages.portal import applications, needs

ROUTERS = [needs.router, applications.router]
