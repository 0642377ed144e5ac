"""Photos over HTTP: the part that is kept, what was measured, and photos that were filed before."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from PIL import Image

from deploy.demo.portraits import Look, portrait
from shared.auth import Role
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
