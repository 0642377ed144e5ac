"""The choices of an account, and changing them."""

from collections.abc import Iterable
from uuid import UUID

from services.notification.address_book import store
from services.notification.address_book.domain import OFFERED, How, Topic
from services.notification.address_book.schemas import MessageChoices
from services.notification.audit import Tag
from shared.auth import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, Text
from shared.work import Work


def topics_of(actor: Actor) -> dict[Topic, UUID]:
    """The topics for which an account chooses, each with the owner for whom the choice holds."""
    assert actor.id is not None
    if actor.kind == "officer":
        return {Topic.CASES: actor.id}
    topics = {Topic.OWN: actor.id}
    if actor.organisation_id is not None:
        topics[Topic.COLLEAGUES] = actor.organisation_id
    return topics


async def choices_of(session: ReadSession, actor: Actor) -> MessageChoices:
    """The present choices of an account, for each topic that it has."""
    assert actor.id is not None
    chosen = await store.choices_of(session, actor.id)
    return MessageChoices(
        **{topic: chosen.get((topic, owner), OFFERED[topic][0]) for topic, owner in topics_of(actor).items()}
    )


async def choose(work: Work, wanted: MessageChoices) -> MessageChoices:
    """Change those that are given; the others stay. Raises `Invalid` for what is not offered."""
    actor, offered = work.actor, topics_of(work.actor)
    given = {Topic(name): how for name, how in wanted if how is not None}
    if problems := list(_problems(given, offered)):
        raise Invalid(fields=problems)
    before = await choices_of(work.session, actor)
    changed = {topic: how for topic, how in given.items() if getattr(before, topic) is not how}
    for topic, how in changed.items():
        await store.choose(work.session, work.actor_id, offered[topic], topic, how, work.now)
    if Topic.COLLEAGUES in changed:
        # Somebody who joined before memberships were kept here is known from now on.
        roles = [role.value for role in actor.roles]
        await store.note_members(work.session, offered[Topic.COLLEAGUES], work.actor_id, roles, work.now)
    if changed:
        detail = {topic.value: how.value for topic, how in changed.items()}
        work.journal("message_choice", work.actor_id, Tag.CHOOSE, detail)
    return await choices_of(work.session, actor)


def _problems(given: dict[Topic, How], offered: dict[Topic, UUID]) -> Iterable[FieldProblem]:
    for topic, how in given.items():
        if topic not in offered:
            message = Text("この区分は選択できません。空にしてください", "Leave this out: it is not for your account")
            yield FieldProblem(f"/{topic}", "not-offered", message)
        elif how not in OFFERED[topic]:
            names = ", ".join(OFFERED[topic])
            message = Text("次のいずれかを指定してください：{names}", "Choose one of: {names}").with_values(names=names)
            yield FieldProblem(f"/{topic}", "not-offered", message)
