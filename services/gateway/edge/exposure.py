"""Paths of the services that are reachable from outside. A path that is not listed does not exist."""

import re

# The first whole segments of a path -> the service behind it. Sessions are missing on purpose: `/session` is the
# gateway's own, and the calls behind it are between the gateway and registration alone.
PREFIXES = {
    "/v1/usage-registrations": "registration",
    "/v1/usage-registration-drafts": "registration",
    "/v1/accounts": "registration",
    "/v1/officers": "registration",
    "/v1/organisations": "registration",
    "/v1/periodic-reports": "registration",
    "/v1/password-links": "registration",
    "/v1/password-resets": "registration",
    "/v1/email-links": "registration",
    "/v1/login-id-reminders": "registration",
    "/v1/user-classes": "registration",
    "/v1/applications": "application",
    "/v1/filters": "application",
    "/v1/forms": "application",
    "/v1/stays": "application",
    "/v1/imports": "application",
    "/v1/postal-codes": "application",
    "/v1/declarations": "application",
    "/v1/proofs": "application",
    "/v1/certificate-links": "application",
    "/v1/documents": "document",
    "/v1/previews": "document",
    "/v1/holds": "document",
    "/v1/erasures": "document",
    "/v1/archives": "document",
    "/v1/uploads": "document",
    "/v1/cases": "review",
    "/v1/examiners": "review",
    "/v1/notices": "review",
    "/v1/payments": "review",
    "/v1/payment-desk": "review",
    "/v1/inbox": "notification",
    "/v1/unsubscribe": "notification",
    "/v1/figures": "review",
    "/v1/card-desk": "review",
    "/v1/visits": "review",
    "/v1/notifications": "notification",
    "/v1/address-links": "notification",
    "/v1/webhooks": "notification",
    "/v1/broadcasts": "notification",
}
# Standards put these at the root of the site, where API clients look for them: method and path.
AT_ROOT = {
    ("POST", "/oauth/token"): "registration",
    ("POST", "/oauth/revoke"): "registration",
    ("GET", "/.well-known/oauth-authorization-server"): "registration",
}
# Notices of outside systems, which their signatures sign in, and which are counted apart from what people ask for.
NOTICES = {("POST", "/payments/callback"): "review", ("POST", "/mail-reports"): "notification"}
# The services with data of their own, which answer operators and auditors each for itself.
SERVICES = ("registration", "application", "document", "review", "notification")
_OPERATIONS = re.compile(rf"/v1/({'|'.join(SERVICES)})/operations(?:/|$)")
# Pages and routes that are there for everybody, wherever the rules on places let people file from: what informs, what
# proves a paper to its holder, ways to stop mail, and the way in, where registration decides who gets through. A
# step-up is no way in.
_FROM_EVERYWHERE = re.compile(
    r"/(?:|(?:accessibility|contact|help|privacy|pledge|terms|times|docs|openapi\.json|healthz)"
    r"|(?:verify|certificate|mail-address|static|sign-in|sign-out|session(?!/step-up)|identity|\.well-known)(?:/.*)?"
    r"|api/v1/unsubscribe(?:/.*)?)"
)
# An encoded separator or a dot segment could mean another path to the service than it means to us.
_CLEAN = re.compile(r"/v1(?:/[A-Za-z0-9_~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%-]*)+")
_SMUGGLED = re.compile(r"%(?:2f|5c|00|2e|25)", re.IGNORECASE)


def is_at_root(path: str) -> bool:
    """Whether a service's `path` is reached without `/api` in front."""
    return any(path == exposed for _, exposed in (*AT_ROOT, *NOTICES))


def is_from_everywhere(path: str) -> bool:
    """Whether a path of the gateway stays open where its rules on places refuse the caller."""
    return bool(_FROM_EVERYWHERE.fullmatch(path))


def service_behind(path: str) -> str | None:
    """The service that answers the raw (still percent-encoded) `path`; None where it is not exposed."""
    if not _is_clean(path):
        return None
    for prefix, service in PREFIXES.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return service
    return None


def operations_behind(path: str) -> str | None:
    """The service whose operator route the raw `path` is; None for every other. Only the operators' port has these."""
    match = _OPERATIONS.match(path) if _is_clean(path) else None
    return match.group(1) if match else None


def _is_clean(path: str) -> bool:
    return bool(_CLEAN.fullmatch(path)) and not _SMUGGLED.search(path)
