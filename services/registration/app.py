"""Composition of registration: the only module that knows every other one."""

import asyncio
from functools import partial

from fastapi import FastAPI

from services.registration.accounts.api import organisations
from services.registration.authentication.adapters import hashing
from services.registration.authentication.api import (
    attacks as attacks_routes,
)
from services.registration.authentication.api import (
    begun_texts,
    identities,
    kept_forms,
    passkeys,
    second_factor,
    second_step,
    sessions,
)
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.store.sign_in import SLOWED, attacks
from services.registration.gateways import api as gateways
from services.registration.gateways.store import numbers as gateway_numbers
from services.registration.handlers import handlers
from services.registration.invariants import INVARIANTS
from services.registration.jobs import jobs, timers
from services.registration.lifecycle.api import (
    account_states,
    accounts,
    confirmations,
    memberships,
    own_sessions,
    passwords,
    stays_abroad,
)
from services.registration.lifecycle.commands.snapshots import ACCOUNTS, ORGANISATIONS
from services.registration.oauth.api import api_clients, authorizations, tokens
from services.registration.officers.api import blocks, officers, own_account
from services.registration.revocation.api import keys
from services.registration.revocation.commands.revocations import revocations
from services.registration.settings import Settings
from services.registration.usage_registration.api import (
    category_proofs,
    drafts,
    organisation_record,
    periodic_reports,
    personal_registrations,
    submissions,
    tickets,
    usage_registrations,
    user_classes,
)
from services.registration.usage_registration.commands.rebuilding import UPLOADED_FILES
from services.registration.usage_registration.commands.snapshots import PERIODIC_REPORTS, USAGE_REGISTRATIONS
from shared.auth import KeySet, Revocations, TokenVerifier
from shared.clock import Clock
from shared.events.registration import RegistrationEventsCounted
from shared.service import Runtime, assemble


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application. Nothing connects before it is used."""
    settings = settings or Settings()
    runtime = Runtime("registration", settings, clock)
    context = AuthenticationContext(settings, runtime.db, runtime.commands, runtime.sealer, runtime.clock)
    signing = SigningKeys(context)
    # Registration checks tokens with its own tables, and not over HTTP from itself.
    runtime.verifier = TokenVerifier(
        settings.token_issuer,
        KeySet(signing.document, clock=runtime.clock),
        runtime.clock,
        revocations=Revocations(partial(revocations, context), clock=runtime.clock),
    )

    async def close_threads() -> None:
        context.hashing.close()
        await context.identity_provider.close()

    app = assemble(
        runtime,
        title="Zairyu registration",
        queues=[SLOWED],
        numbers=[attacks, gateway_numbers],
        version="1",
        routers=[
            module.router
            for module in (
                submissions,
                drafts,
                usage_registrations,
                passwords,
                sessions,
                attacks_routes,
                second_step,
                accounts,
                second_factor,
                passkeys,
                own_sessions,
                stays_abroad,
                keys,
                memberships,
                own_account,
                periodic_reports,
                account_states,
                organisations,
                category_proofs,
                organisation_record,
                officers,
                blocks,
                gateways,
                api_clients,
                authorizations,
                tokens,
                identities,
                kept_forms,
                begun_texts,
                personal_registrations,
                tickets,
                confirmations,
                user_classes,
            )
        ],
        invariants=INVARIANTS,
        counted=RegistrationEventsCounted,
        handlers=handlers(runtime.commands),
        projections=[UPLOADED_FILES],
        snapshot_sources=[ACCOUNTS, ORGANISATIONS, USAGE_REGISTRATIONS, PERIODIC_REPORTS],
        timers=timers(context),
        jobs=jobs(context, signing),
        on_start=[lambda: asyncio.to_thread(hashing.prepare)],
        on_stop=[close_threads],
    )
    app.state.context = context
    app.state.signing = signing
    return app
