"""The examples in the OpenAPI document are what the service takes and gives."""

import pytest
from pydantic import BaseModel

from services.review.allocation.schemas import assignment, examiners
from services.review.cards import schemas as cards
from services.review.case_view.schemas import CaseDetail
from services.review.cases import schemas as cases
from services.review.cases.schemas import Body, CaseBrief
from services.review.decision.schemas import batch, proposals, same_person
from services.review.examination import schemas as examination
from services.review.examination.schemas import DocumentsRequested
from services.review.payment import schemas as payment

BODIES = [
    model
    for wing in (assignment, examiners, cards, cases, batch, proposals, same_person, examination, payment)
    for model in vars(wing).values()
    if isinstance(model, type) and issubclass(model, Body) and model is not Body
]


@pytest.mark.parametrize("model", [*BODIES, CaseBrief, DocumentsRequested, CaseDetail])
def test_an_example_fits_its_model(model: type[BaseModel]) -> None:
    extra = model.model_config.get("json_schema_extra")
    assert isinstance(extra, dict)
    model.model_validate(extra["example"])
