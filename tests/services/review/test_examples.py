"""The examples in the OpenAPI document are what the service takes and gives."""

import pytest
from pydantic import BaseModel

from services.review.api import bodies
from services.review.commands.answers import CaseBrief, DocumentsRequested
from services.review.commands.file import CaseDetail

BODIES = [
    model
    for model in vars(bodies).values()
    if isinstance(model, type) and issubclass(model, bodies.Body) and model is not bodies.Body
]


@pytest.mark.parametrize("model", [*BODIES, CaseBrief, DocumentsRequested, CaseDetail])
def test_an_example_fits_its_model(model: type[BaseModel]) -> None:
    extra = model.model_config.get("json_schema_extra")
    assert isinstance(extra, dict)
    model.model_validate(extra["example"])
