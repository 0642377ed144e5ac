"""Documentation of routes that do sensitive acts."""

from typing import Any

from shared.http.problems import MEDIA_TYPE

STEP_UP: dict[int | str, dict[str, Any]] = {
    403: {
        "description": "You may not do this; or `step-up-required`: prove again who you are with"
        " `POST /v1/sessions/step-up`, then repeat the request",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
