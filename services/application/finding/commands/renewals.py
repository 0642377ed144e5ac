"""Beginning the renewals of many stays at once."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.filing.commands import copies
from services.application.filing.domain.person_keys import PersonKeys
from services.application.finding.domain.stays import is_renewal
from services.application.finding.schemas.stays import Hindrance, RenewalBegun, RenewalsBegun
from services.application.finding.store import stays
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.store import with_progress
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import Problem
from shared.work import Work


async def begin_renewals(work: Work, application_ids: Sequence[UUID], keys: PersonKeys) -> RenewalsBegun:
    """Begin an extension for each person who has none under way, with what can still be true of their application.

    What cannot be begun is refused for itself, and the others are begun.
    """
    owner = Owner.of(work.actor)
    await stays.lock_renewals(work.session, owner)
    work.journal("owner", owner.id, Tag.RENEW, {"applications": list(application_ids)})
    items = [await _begin(work, owner, one, keys) for one in dict.fromkeys(application_ids)]
    return RenewalsBegun(items=items)


async def _begin(work: Work, owner: Owner, application_id: UUID, keys: PersonKeys) -> RenewalBegun:
    try:
        source, _ = await with_progress(work.session, application_id, owner)
        if is_renewal(source.state, source.procedure):
            return _under_way(source, source)
        version = form_of(source.form_version, source.combined_with)
        person = keys.person(version, Form(json.loads(source.form)))
        ends = source.stay_until or source.stay_expiry
        people = {each for each in (person, source.person) if each}
        # Filed before people were known by name, birth date and nationality.
        source.person = person
        found = await stays.renewal_under_way(work.session, owner, people, ends)
        if found is not None:
            return _under_way(source, found)
        begun = await copies.copy(work, application_id, _named(source), keys)
        return RenewalBegun(application_id=application_id, outcome="begun", renewal_id=begun.id, problems=[])
    except Problem as problem:
        # Everything that refuses a copy does so before it writes anything.
        reasons = [Hindrance.of(each) for each in problem.fields] or [
            Hindrance.about(problem.code, problem.detail or problem.title)
        ]
        return RenewalBegun(application_id=application_id, outcome="refused", renewal_id=None, problems=reasons)


def _under_way(source: Application, renewal: Application) -> RenewalBegun:
    return RenewalBegun(application_id=source.id, outcome="under_way", renewal_id=renewal.id, problems=[])


def _named(source: Application) -> dict[str, Any]:
    """The selection of the renewal, where it is not that of the application: what was granted is extended."""
    if source.procedure == "EXTEND":
        return {}
    return {"procedure": "EXTEND"} | ({"activity": source.activity} if source.activity else {})
