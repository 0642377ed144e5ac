"""Beginning the renewals of many stays as an import: a workbook of them all, filled in with what can still be true.

From there on it is a file as any other: its rows are checked, corrected on their pages or in the workbook, and filed.
"""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from services.application.bulk.commands.imports import begin
from services.application.bulk.domain.limits import Allowed
from services.application.bulk.problems import nothing_to_renew
from services.application.bulk.schemas import NotRenewed, RenewalsImport, Sent, notices_of
from services.application.filing.commands.copies import earlier_of
from services.application.filing.commands.selecting import form_for
from services.application.filing.domain.answers import nested
from services.application.filing.domain.copying import copied
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.selection import Selection
from services.application.finding.domain.stays import Renewal
from services.application.finding.domain.wanted import Days
from services.application.finding.store import stays
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.forms.form import FormVersion
from services.application.sheets.columns import Plan
from services.application.sheets.templates import FilledRow, SheetPlan, template_xlsx
from services.application.tables import Application, Progress
from shared.auth import Owner
from shared.errors import FieldProblem, Problem, Text
from shared.languages import OfficialLang
from shared.reference.receipt_numbers import parse_receipt_number
from shared.work import Work

# Renewals that one press begins; the next press begins those that are left.
MOST = 1000
_NAME = Text("在留期間更新_{first}_{last}.xlsx", "renewals_{first}_{last}.xlsx")


@dataclass(frozen=True, slots=True)
class _Renewal:
    """The row of a renewal, and the sheet in which it stands."""

    plan: Plan
    row: FilledRow


async def begin_renewals(
    work: Work, days: Days, allowed: Allowed, keys: PersonKeys, language: OfficialLang
) -> RenewalsImport:
    """Begin the renewal of every stay that ends in these days and is not being renewed, as the rows of an import.

    Those that cannot be renewed are named, and the others are begun. Raises `Conflict` where there are no others, and
    what `begin` raises.
    """
    owner = Owner.of(work.actor)
    await stays.lock_renewals(work.session, owner)
    found = await stays.stays_of(work.session, owner, days, Renewal.NONE, None, MOST)
    sheets: dict[Plan, list[FilledRow]] = defaultdict(list)
    refused: list[NotRenewed] = []
    for stay in found[:MOST]:
        try:
            renewal = _renewal(stay.application, stay.progress, keys, work.today)
            sheets[renewal.plan].append(renewal.row)
        except Problem as problem:
            reasons = problem.fields or [FieldProblem("", problem.code, problem.detail or problem.title)]
            name = _form_version(stay.application).fact("name", _form(stay.application))
            refused.append(
                NotRenewed(application_id=stay.application.id, applicant_name=name, problems=notices_of(reasons))
            )
        await asyncio.sleep(0)  # forms are read: other requests get their turn
    if not sheets:
        raise nothing_to_renew()
    plans = [SheetPlan(plan, rows) for plan, rows in sheets.items()]
    content = await asyncio.to_thread(template_xlsx, plans, language)
    name = getattr(_NAME, language).format(first=days.first, last=days.last)
    begun = await begin(work, Sent(name, content, dry_run=False), allowed)
    return RenewalsImport(
        id=begun.id,
        state=begun.state,
        begun=sum(len(rows) for rows in sheets.values()),
        refused=refused,
        more=len(found) > MOST,
    )


def _renewal(source: Application, progress: Progress | None, keys: PersonKeys, today: date) -> _Renewal:
    """The row that extends what was granted. Raises `Problem` where no extension is offered."""
    selection = Selection("EXTEND", source.status_of_residence, source.activity)
    version = form_for(selection, today)
    earlier = earlier_of(source, progress, None)
    copy = copied(earlier, version, selection.status_of_residence, today)
    # Filed before people were known by name, birth date and nationality: else the draft would not be known to renew it.
    source.person = keys.person(_form_version(source), _form(source))
    return _Renewal(
        Plan(version.version, selection.status_of_residence, selection.activity),
        FilledRow(
            _key(source),
            nested(copy.answers),
            notify_email=source.notify_email,
            notify_language=source.notify_language,
        ),
    )


def _form_version(source: Application) -> FormVersion:
    return form_of(source.form_version, source.combined_with)


def _form(source: Application) -> Form:
    return Form(json.loads(source.form))


def _key(source: Application) -> str:
    """The receipt number of the last application: no other row has it, and files can be named after it."""
    return parse_receipt_number(source.receipt_number).ascii if source.receipt_number else ""
