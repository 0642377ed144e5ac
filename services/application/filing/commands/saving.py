"""Saving of a draft: what every change of one has in common."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.application.filing import store
from services.application.filing.domain.answers import Divided, flat, nested
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.reminders import stay_reminder
from services.application.filing.problems import already_filed
from services.application.filing.schemas import Saved
from services.application.forms.checks import parse_day
from services.application.forms.field import Form, pointer_of
from services.application.forms.form import FormVersion, hints_of
from services.application.progress.domain import Change, Changes, State
from services.application.progress.store import own
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import FieldProblem
from shared.text.search import search_key
from shared.work import Work


async def locked_draft(work: Work, application_id: UUID) -> Application:
    """The caller's draft, locked for a change. Raises `NotFound`, and `Conflict` where it is filed."""
    application = await own(work.session, application_id, Owner.of(work.actor))
    require_draft(application)
    return application


def require_draft(application: Application) -> None:
    """Raise `Conflict` where it is filed."""
    if application.state != State.DRAFT:
        raise already_filed(application.receipt_number)


def kept_answers(application: Application) -> Divided:
    """The answers of a draft, as they are kept."""
    return Divided(flat(json.loads(application.form)), json.loads(application.set_aside))


def keep_answers(
    work: Work, application: Application, version: FormVersion, answers: Divided, keys: PersonKeys
) -> None:
    """Keep the answers, and what follows from them."""
    values = nested(answers.asked)
    application.form = canonical(values)
    application.set_aside = canonical(answers.aside)
    application.person_key = keys.card_key(version, values)
    form = Form(values)
    application.person = keys.person(version, form)
    stay_expiry = parse_day(version.fact("stay_expiry", form))
    if stay_expiry != application.stay_expiry:
        application.stay_expiry = stay_expiry
        # Somebody who has just entered the day needs no reminder of it now.
        application.stay_reminder = stay_reminder(stay_expiry, work.today)
    application.search_key = search_key(version.fact("name", form))


def touch(work: Work, application: Application, changed: Iterable[str]) -> None:
    """A new revision of the draft, in which the caller changed the values at these JSON pointers."""
    assert work.actor.account_id is not None, "a person with a role has an account"
    application.revision += 1
    application.updated_at = application.edited_at = work.now
    application.edited_by = work.actor.account_id
    application.reminded_at = None
    change = Change(application.revision, work.actor.account_id, work.now)
    application.changes = Changes.parse(application.changes).with_changed(changed, change).text()


def hints_kept(
    version: FormVersion,
    raw: Mapping[str, Any],
    read: Mapping[str, Any],
    before: str = "[]",
    changed: Sequence[str] = (),
) -> str:
    """The hints of `raw`, which was read as the answers `read`, and those `before` about values that are as they were:
    typed as shown, they say nothing."""
    found = hints_of(version, raw, read)
    replaced = {hint.pointer for hint in found} | {pointer_of(code) for code in changed}
    kept = [hint for hint in json.loads(before) if hint["pointer"] not in replaced]
    new = [{"pointer": h.pointer, "code": h.code} | h.message.stored() for h in found]
    return json.dumps(kept + new, ensure_ascii=False)


async def saved(work: Work, application: Application, since: int | None = None, named: Collection[str] = ()) -> Saved:
    """The application as it was saved; of a filed one nothing is missing. `since` is the revision that the caller's
    change started from, `named` its values."""
    today = work.today
    if application.state != State.DRAFT:
        return _saved(application, (), ())
    found = await store.dossier(work.session, application.id, Owner.of(work.actor), work.actor.account_id, today)
    problems = assess(found.draft(), today).problems
    changes = Changes.parse(application.changes).after(application.revision if since is None else since)
    return _saved(application, problems, changes.keys() - set(named))


def _saved(application: Application, problems: Sequence[FieldProblem], changed_by_others: Collection[str]) -> Saved:
    return Saved(
        id=application.id,
        revision=application.revision,
        status=application.state,
        form_version=application.form_version,
        updated_at=application.updated_at,
        complete=not problems,
        open_problems=len(problems),
        changed_by_others=sorted(changed_by_others),
    )


def canonical(values: Mapping[str, Any]) -> str:
    """JSON that is the same for the same values."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
