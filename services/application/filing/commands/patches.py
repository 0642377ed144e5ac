"""Changing single answers of a draft: a merge patch, merged with what others changed since it was read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.filing.commands.saving import (
    hints_kept,
    keep_answers,
    kept_answers,
    locked_draft,
    saved,
    touch,
)
from services.application.filing.commands.selecting import form_for
from services.application.filing.domain.answers import Divided, answer_at, divide, is_named, patched, read_patch
from services.application.filing.domain.changes import Collision, collisions, last_about
from services.application.filing.domain.new_draft import DraftPatch
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.rights import filing_role
from services.application.filing.domain.selection import Selection
from services.application.filing.domain.tables import read_cells
from services.application.filing.problems import DraftChanged, not_the_present_form, role_may_not_file
from services.application.filing.schemas import Saved
from services.application.filing.store import selection_of
from services.application.forms.catalogue import FORMS, form_of
from services.application.forms.field import pointer_of
from services.application.forms.form import FormVersion
from services.application.forms.together import with_parts
from services.application.progress.domain import Change, Changes
from services.application.progress.schemas import shown_person
from services.application.tables import Application
from shared.errors import FieldProblem, Invalid
from shared.reference.procedures import COMBINATIONS
from shared.reference.statuses import activities
from shared.work import Work

# The version that a change started from, given the present one; raises where there was no such version.
StartedFrom = Callable[[int], int]
_FORM_VERSION = "/form_version"
# Changes of these leave answers without a field.
_DECIDE_THE_FORM = (_FORM_VERSION, "/procedure", "/status_of_residence", "/activity", "/combined_with")


@dataclass(frozen=True, slots=True)
class _Target:
    """The form in which the draft is after the change."""

    selection: Selection
    version: FormVersion

    @property
    def status(self) -> str:
        return self.selection.status_of_residence


async def change(
    work: Work, application_id: UUID, started_from: StartedFrom, patch: DraftPatch, keys: PersonKeys
) -> Saved:
    """Change what `patch` names; what others changed since, and it does not name, is merged.

    Raises `Invalid` for values that cannot be read, and `DraftChanged` where somebody else changed one of its values
    since; then nothing is saved.
    """
    application = await locked_draft(work, application_id)
    since = started_from(application.revision)
    target = _target(work, application, patch)
    before = kept_answers(application)
    cells = read_cells(target.version, target.status, patch.form, before.all)
    entered, problems = read_patch(target.version, target.status, cells.patch)
    problems = [*cells.problems, *problems]
    changes = Changes.parse(application.changes)
    collided = _no_longer_asked(changes.after(since), patch, problems)
    collided += _no_longer_there(changes.after(since), patch, cells.problems)
    if problems and not collided:
        raise Invalid(fields=problems, code="unreadable-form")
    wanted = cells.values(entered) | _wanted(patch, target)
    present = cells.values(before.all) | _present(application)
    collided += collisions(changes, since, wanted, present)
    if collided:
        raise DraftChanged(
            application.revision, collided, lambda account: shown_person(account, work.actor).model_dump(mode="json")
        )
    changed = [pointer for pointer, value in wanted.items() if value != present.get(pointer)]
    if target.version.version != application.form_version:
        changed.append(_FORM_VERSION)
    if not changed:
        return await saved(work, application, since, wanted)
    codes = sorted(code for code in entered if entered[code] != before.all.get(code))
    answers = _divided(application, before, entered, target)
    _keep(application, patch, target)
    keep_answers(work, application, target.version, answers, keys)
    application.hints = hints_kept(target.version, cells.patch, entered, application.hints, codes)
    touch(work, application, changed)
    work.journal("application", application.id, Tag.EDIT_FORM, {"changed": codes})
    await work.session.flush()
    return await saved(work, application, since, {*wanted, _FORM_VERSION})


def _target(work: Work, application: Application, patch: DraftPatch) -> _Target:
    """Raises where there is no such form, or none for the user class in which the draft was begun."""
    present = selection_of(application)
    chosen = replace(present, **patch.selection)
    if chosen.activity == present.activity and "activity" not in patch.selection:
        # Another status may have other activities, or none.
        fitting = {row.code for row in activities(chosen.status_of_residence, chosen.procedure, work.today)}
        chosen = replace(chosen, activity=present.activity if present.activity in fitting else None)
    chosen = replace(chosen, combined_with=tuple(sorted(set(chosen.combined_with))))
    version = form_of(application.form_version, application.combined_with)
    if chosen == present and patch.form_version in (None, version.version):
        return _Target(chosen, version)
    found = form_for(chosen, work.today)
    if replace(chosen, combined_with=()) == replace(present, combined_with=()) and patch.form_version is None:
        # A newer version of the same form is offered, never forced.
        found = form_of(version.version, chosen.combined_with)
    if patch.form_version not in (None, found.version):
        raise not_the_present_form(found.version)
    if filing_role([application.role], chosen.procedure, chosen.status_of_residence, work.today) is None:
        raise role_may_not_file()
    return _Target(chosen, found)


def _divided(application: Application, before: Divided, entered: Mapping[str, Any], target: _Target) -> Divided:
    same_form = (target.version.version, target.status) == (application.form_version, application.status_of_residence)
    settled = {*entered, *(before.asked if same_form else ())}
    answers = patched(before.all, entered)
    known = {code: answer for code, answer in answers.items() if code in settled}
    others = {code: answer for code, answer in answers.items() if code not in settled}
    return divide(target.version, target.status, known, others)


def _keep(application: Application, patch: DraftPatch, target: _Target) -> None:
    application.procedure = target.selection.procedure
    application.status_of_residence = target.status
    application.activity = target.selection.activity
    application.combined_with = list(target.selection.combined_with)
    application.form_version = target.version.version
    if "email" in patch.contact:
        application.notify_email = patch.contact["email"]
    if "language" in patch.contact:
        application.notify_language = patch.contact["language"]


def _present(application: Application) -> dict[str, Any]:
    return {
        "/procedure": application.procedure,
        "/status_of_residence": application.status_of_residence,
        "/activity": application.activity,
        "/combined_with": list(application.combined_with),
        "/notify/email": application.notify_email,
        "/notify/language": application.notify_language,
    }


def _wanted(patch: DraftPatch, target: _Target) -> dict[str, Any]:
    """Everything that the patch names beside the form, by JSON pointer."""
    chosen = {name: getattr(target.selection, name) for name in patch.selection}
    if "combined_with" in chosen:
        chosen["combined_with"] = list(chosen["combined_with"])
    contact = {f"/notify/{name}": value for name, value in patch.contact.items()}
    return contact | {f"/{name}": value for name, value in chosen.items()}


def _no_longer_asked(
    later: Mapping[str, Change], patch: DraftPatch, problems: Sequence[FieldProblem]
) -> tuple[Collision, ...]:
    """Answers to a form that somebody else has changed since: they collide with that change, and are no mistakes."""
    change = next((later[pointer] for pointer in _DECIDE_THE_FORM if pointer in later), None)
    if change is None:
        return ()
    unknown = tuple(f"{problem.pointer}/" for problem in problems if problem.code == "unknown-field")
    forms = (with_parts(form, [row.added for row in COMBINATIONS.rows]) for form in FORMS)
    known = {item.code for form in forms for item in form.items if is_named(patch.form, item.code)}
    sent = {code: answer_at(patch.form, code) for code in sorted(known) if f"{pointer_of(code)}/".startswith(unknown)}
    return tuple(Collision(pointer_of(code), answer, None, change) for code, answer in sent.items())


def _no_longer_there(
    later: Mapping[str, Change], patch: DraftPatch, problems: Sequence[FieldProblem]
) -> tuple[Collision, ...]:
    """Rows of a table from which somebody else has taken rows since: they collide with that, and are no mistakes."""
    missing = [problem.pointer for problem in problems if problem.code == "no-such-row"]
    found = {pointer: last_about(pointer, later) for pointer in missing}
    return tuple(
        Collision(pointer, answer_at(patch.form, pointer.removeprefix("/form/").replace("/", ".")), None, change)
        for pointer, change in found.items()
        if change is not None
    )
