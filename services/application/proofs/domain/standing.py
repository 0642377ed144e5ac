"""Whether an application is pending: from its receipt until a disposition takes effect."""

from services.application.progress.domain import Progress, State
from shared.reference.codes import Procedure

# Their permission takes effect when the new residence card is handed over (Immigration Control Act art. 20 (4), 21 (4),
# 22-2 (3)): until then the old status and the special period still hold.
_BY_CARD = frozenset({Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE})
_GRANTED = frozenset({Progress.DECIDED_GRANT, Progress.AWAITING_FEE, Progress.CARD_PRODUCTION, Progress.DISPATCHED})


def is_pending(procedure: str, state: str, progress: Progress) -> bool:
    """Whether no disposition has taken effect. `state` is the application's own, `progress` what is shown of it."""
    if state == State.RECEIVED:
        return True
    return state == State.DECIDED and procedure in _BY_CARD and progress in _GRANTED
