"""What the gateway's pages say, in Japanese and English, one file for each subject."""

from services.gateway.texts import (
    account,
    agreements,
    consent,
    drafts,
    errors,
    identity,
    reports,
    security,
    sign_in,
    site,
    systems,
)

_SUBJECTS = (
    site.TEXTS,
    sign_in.TEXTS,
    account.TEXTS,
    security.TEXTS,
    errors.TEXTS,
    identity.TEXTS,
    consent.TEXTS,
    agreements.TEXTS,
    drafts.TEXTS,
    reports.TEXTS,
    systems.TEXTS,
)

PAGES: dict[str, dict[str, str]] = {
    "ja": {name: text.ja for texts in _SUBJECTS for name, text in texts.items()},
    "en": {name: text.en for texts in _SUBJECTS for name, text in texts.items()},
}
