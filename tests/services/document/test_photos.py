"""Photos over HTTP: the part that is kept, what was measured, and photos that were filed before."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from PIL import ExifTags, Image

from deploy.demo.portraits import Look, portrait
from shared.auth import Actor, Role
from shared.events.application import ApplicationSubmitted
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens


async def test_part_of_a_photo_is_kept_as_asked_and_else_as_the_face_lies(documents: Documents) -> None:
    large = files.encoded(portrait(1800, 2400, Look(size=0.4, right=5)), "JPEG")
    proposed = await documents.uploaded(large, "photo")
    assert proposed["advice"] == []
    measured = {each["code"]: each for each in proposed["measures"]}
    assert measured["face_height"]["outcome"] == "passed"
    assert (measured["face_height"]["low"], measured["face_height"]["high"]) == (22, 28)
    assert proposed["crop"]["left"] > 35 and proposed["crop"]["width"] < 50
    asked = {"crop_left": "0", "crop_top": "0", "crop_width": "１００％"}
    whole = await documents.uploaded(large, "photo", **asked)
    assert whole["crop"] == {"left": 0, "top": 0, "width": 100}
    assert {"photo-face-small", "photo-off-centre"} <= {each["code"] for each in whole["advice"]}
    outside = await documents.upload(large, "photo", crop_left="50", crop_top="0", crop_width="60")
    assert [each["code"] for each in outside.json()["errors"]] == ["photo-crop-outside"]
    wrong = await documents.upload(large, "photo", crop_left="left", crop_width="0")
    assert [(each["pointer"], each["code"]) for each in wrong.json()["errors"]] == [
        ("/crop_left", "not-a-share"),
        ("/crop_top", "not-a-share"),
        ("/crop_width", "not-a-share"),
    ]


async def test_photo_that_was_filed_before_is_advice_for_its_owner_alone(documents: Documents) -> None:
    first, other = uuid4(), uuid4()
    photo = files.jpeg()
    sent = await documents.uploaded(photo, "photo", application_id=str(first))
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=str(first), document_ids=[], photo_id=sent["id"])
    )
    assert (await documents.uploaded(photo, "photo", application_id=str(other)))["findings"] == []
    documents.clock.advance(timedelta(days=200))
    again = files.encoded(Image.open(BytesIO(photo)).resize((720, 960)), "JPEG", quality=70)
    (finding,) = (await documents.uploaded(again, "photo", application_id=str(other)))["findings"]
    assert (finding["code"], finding["values"]) == ("photo-filed-before", {"measured": 200})
    assert "200 days ago" in finding["message"]
    assert (await documents.uploaded(again, "photo", application_id=str(first)))["findings"] == []
    someone = files.encoded(portrait(look=Look(hair=(120, 90, 40), right=1, down=1)), "JPEG")
    assert (await documents.uploaded(someone, "photo", application_id=str(other)))["findings"] == []
    stranger = tokens.person(Role.ORG_STAFF, organisation=True)
    assert (await documents.uploaded(again, "photo", actor=stranger))["findings"] == []


async def test_another_part_is_cut_from_the_picture_as_it_was_sent(documents: Documents) -> None:
    """The picture is kept beside the photo, shown upright to its owner alone, and gone once the photo is filed."""
    lying = files.encoded(portrait(1800, 2400, Look(size=0.4, right=5)).rotate(90, expand=True), "JPEG", exif=_turned())
    photo = await documents.uploaded(lying, "photo", codes="PHOTO")
    shown = await documents.service.client.get(photo["sent"], headers=documents.headers())
    assert Image.open(BytesIO(shown.content)).size == (900, 1200)
    stranger = documents.headers(tokens.person(Role.ORG_STAFF, organisation=True))
    assert (await documents.service.client.get(photo["sent"], headers=stranger)).status_code == 404

    whole = await crop(documents, photo["id"], {"left": 0, "top": 0, "width": 100})
    assert whole.status_code == 201, whole.text
    other = whole.json()
    assert (other["crop"], other["codes"]) == ({"left": 0, "top": 0, "width": 100}, ["PHOTO"])
    assert other["id"] != photo["id"]
    assert other["original_sha256"] == photo["original_sha256"]
    # Cut again and again, it is always of the picture: nothing gets worse.
    again = (await crop(documents, other["id"], None)).json()
    assert (again["sha256"], again["crop"]) == (photo["sha256"], photo["crop"])

    outside = await crop(documents, photo["id"], {"left": 50, "top": 0, "width": 60})
    assert [each["code"] for each in outside.json()["errors"]] == ["photo-crop-outside"]
    wrong = await crop(documents, photo["id"], {"left": -1, "top": "x", "width": 0})
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/part/left", "/part/top", "/part/width"]
    assert (await crop(documents, photo["id"], None, tokens.person(Role.ORG_STAFF))).status_code == 404

    application_id = str(uuid4())
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=application_id, document_ids=[], photo_id=photo["id"])
    )
    assert (await documents.get(f"/{photo['id']}")).json()["sent"] is None
    assert (await crop(documents, photo["id"], None)).json()["code"] == "document-filed"
    assert (await documents.service.client.get(photo["sent"], headers=documents.headers())).status_code == 404
    assert (await documents.delete(other["id"])).status_code == 204
    await documents.run_job("remove_leftover_objects")
    kept = f"/sent-{photo['original_sha256']}"
    assert [key for key in await documents.objects.keys("previews/") if kept in key] == []
    # A photo of the same picture has it no more, and says what to do.
    gone = await crop(documents, again["id"], None)
    assert (gone.status_code, gone.json()["code"]) == (409, "original-gone")
    assert await documents.service.journal_problems() == []


async def test_picture_of_a_photo_counts_in_the_quota_and_an_altered_one_is_not_cut(
    open_documents: Callable[..., Any],
) -> None:
    documents: Documents = await open_documents(quota_mb=1)
    noise = Image.effect_noise((900, 900), 200).convert("RGB")
    large = files.encoded(noise, "PNG")
    assert len(large) > 1_000_000
    full = await documents.upload(large, "photo", crop_left="0", crop_top="0", crop_width="60")
    assert (full.status_code, full.json()["code"]) == (409, "quota-reached")
    photo = await documents.uploaded(files.jpeg(904, 1208), "photo")
    (key,) = [key for key in await documents.objects.keys("previews/") if photo["original_sha256"] in key]
    other = files.jpeg(901, 1200)
    await documents.objects.put(key, BytesIO(other), len(other), "image/jpeg")
    assert (await crop(documents, photo["id"], None)).json()["code"] == "original-gone"


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return exif


async def crop(
    documents: Documents, document_id: str, part: Mapping[str, Any] | None, actor: Actor | None = None
) -> httpx.Response:
    headers = documents.headers(actor) | {"Idempotency-Key": uuid4().hex}
    return await documents.service.client.post(
        f"/v1/documents/{document_id}/crop", json={"part": part}, headers=headers
    )
