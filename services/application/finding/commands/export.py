"""Beginning an export: the journal notes who takes what away before anything leaves."""

from services.application.audit import Tag
from services.application.finding.schemas.export import ExportBegun
from services.application.finding.schemas.lists import Asked
from services.application.finding.store import lists
from shared.auth import Owner
from shared.work import Work


async def begin_export(work: Work, asked: Asked, kind: str, *, answers: bool) -> ExportBegun:
    """Count what is asked for and note it. The words of a search are people's names: only that there were some."""
    owner, wanted = Owner.of(work.actor), asked.filed(work.today)
    similar = await lists.only_similar(work.session, owner, wanted)
    counts = await lists.counts_of(work.session, owner, wanted, similar=similar)
    count = sum(number for state, number in counts.states.items() if not wanted.states or state in wanted.states)
    filters = asked.model_dump(mode="json", exclude_defaults=True, exclude={"sort"})
    if asked.q:
        filters["q"] = True
    work.journal(
        "owner", owner.id, Tag.EXPORT, {"format": kind, "answers": answers, "filters": filters, "applications": count}
    )
    return ExportBegun(count=count, similar=similar)
