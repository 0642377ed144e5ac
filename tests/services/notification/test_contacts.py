"""The applicant's own address of an application: each mail to it has a link until somebody confirms that it is read."""

import re
from typing import Any

from shared.auth import Actor, Role
from shared.events.application import ApplicationContactChanged, ApplicationSubmitted
from shared.events.review import CaseTransferred
from shared.ids import new_id
from tests.services.notification.conftest import MailClient, part
from tests.support import tokens


async def state(post: MailClient, actor: Actor, application_id: Any) -> Any:
    headers = tokens.bearer(actor, post.clock)
    answer = await post.service.client.get(f"/v1/inbox/contacts/{application_id}", headers=headers)
    return answer.json()["state"] if answer.status_code == 200 else answer.status_code


async def test_an_applicants_address_is_confirmed_by_the_link_of_any_mail_to_it(post: MailClient) -> None:
    person, application_id = tokens.person(Role.SELF), new_id()
    assert person.id is not None
    await post.know(person.id)
    filed = {"application_id": application_id, "account_id": person.id, "owner_id": person.id, "role": "self"}
    await post.deliver(ApplicationSubmitted.example(**filed, applicant=post.recipient(post.applicant, "en")))
    await post.send_all()

    async def link() -> str:
        """The link in the newest mail to the applicant; "" where there is none."""
        shown = part(post.mails(post.applicant)[-1], "plain")
        return next(iter(re.findall(r"https://zairyu\.example\.jp/mail-address/(\S+)", shown)), "")

    client, first = post.service.client, await link()
    assert "/mail-address/" not in part(post.mails(post.filer)[-1], "plain"), "the account's address is proved"
    assert await state(post, person, application_id) == "unconfirmed"
    assert await state(post, tokens.person(Role.SELF), application_id) == 404
    assert (await client.post(f"/v1/address-links/{first[:-1]}{'a' if first[-1] != 'a' else 'b'}")).status_code == 404
    assert (await client.get(f"/v1/address-links/{first}")).json() == {"confirmed": False}

    # Another address is not confirmed by the link to the earlier one.
    changed = {"application_id": application_id, "account_id": person.id}
    for address, confirmed in ((f"x-{post.applicant}", False), (post.applicant, True)):
        await post.deliver(ApplicationContactChanged.example(**changed, applicant=post.recipient(address, "vi")))
        assert (await client.post(f"/v1/address-links/{first}")).status_code == (200 if confirmed else 404)
        assert await state(post, person, application_id) == ("confirmed" if confirmed else "unconfirmed")
    await post.send_all()
    await post.deliver(ApplicationContactChanged.example(**changed, applicant=post.recipient(post.applicant, "en")))
    assert await state(post, person, application_id) == "confirmed", "the same address in another language"
    await post.deliver(CaseTransferred.example(application_id=application_id, account_id=person.id))
    await post.send_all()
    assert await link() == "", "it asks no more"
    assert await post.service.journal_problems() == []


async def test_an_applicants_address_of_the_account_needs_no_confirmation(post: MailClient) -> None:
    person, application_id = tokens.person(Role.SELF), new_id()
    assert person.id is not None
    await post.know(person.id)
    filed = {"application_id": application_id, "account_id": person.id, "owner_id": person.id, "role": "self"}
    await post.deliver(ApplicationSubmitted.example(**filed, applicant=post.recipient(post.filer.upper())))
    assert await state(post, person, application_id) == "account"
