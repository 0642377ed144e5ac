"""The common ground of all answers."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An answer. What a newer server adds is kept in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True, protected_namespaces=(), populate_by_name=True)
