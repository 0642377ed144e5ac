"""Verification of the answers of browsers and devices about passkeys (WebAuthn level 3)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class BadAnswer(Exception):
    """Malformed, forged, for another question or another site, or without the owner's consent."""


@dataclass(frozen=True, slots=True)
class Site:
    """The relying party of passkeys: a host, and the origin of its pages."""

    domain: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that a device has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def creation_options(
    site: Site, challenge: bytes, user_id: bytes, user_name: str, known: Iterable[bytes]
) -> dict[str, Any]:
    """Options of `navigator.credentials.create`: a key that the device finds by itself, after it verified its owner."""
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name="Zairyu",
        user_id=user_id,
        user_name=user_name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known],
    )
    return _plain(options)


def request_options(site: Site, challenge: bytes) -> dict[str, Any]:
    """Options of `navigator.credentials.get`; they name no key, so they disclose nothing about anybody."""
    options = webauthn.generate_authentication_options(
        rp_id=site.domain, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _plain(options)


def challenge_of(credential: Mapping[str, Any]) -> bytes:
    """The question that an answer claims to answer; it counts only if it was asked. Raises `BadAnswer`."""
    try:
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except Exception as error:  # whatever a crafted answer breaks on the way makes it a bad one
        raise BadAnswer from error


def credential_id_of(credential: Mapping[str, Any]) -> bytes:
    """The id of the key that answers. Raises `BadAnswer`."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except Exception as error:  # as above
        raise BadAnswer from error


def new_key(site: Site, credential: Mapping[str, Any], challenge: bytes) -> NewKey:
    """The key in the answer to `creation_options`. Raises `BadAnswer`."""
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise BadAnswer from error
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def verify_assertion(
    site: Site, credential: Mapping[str, Any], challenge: bytes, user_id: bytes, public_key: bytes, sign_count: int
) -> int:
    """The device's counter in a right answer to `request_options`. Raises `BadAnswer`, also where the counter did not
    go up: two devices then hold the same key."""
    try:
        handle = credential["response"].get("userHandle")
        if handle is not None and base64url_to_bytes(handle) != user_id:
            raise BadAnswer
        answered = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise BadAnswer from error
    return answered.new_sign_count


def _plain(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return found
