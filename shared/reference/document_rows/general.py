"""Documents that every application needs, and those for the acquisition of a status by its cause."""

from shared.errors import Text
from shared.reference.codes import Channel, Procedure
from shared.reference.document_rows.row import Need, Requirement

_SOURCE = "ISA document lists, read 2026-10"
_IN_JAPAN = (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.WORKCERT)
_BIRTH = Text("出生による取得の場合", "Where the cause is birth")
_NATIONALITY = Text("国籍の離脱・喪失による取得の場合", "Where the cause is loss of nationality")
_OTHER = Text("その他の事由による取得の場合", "Where there is another cause")


def _acquire(document: str, condition: Text) -> Requirement:
    return Requirement(
        document=document, procedure=Procedure.ACQUIRE, need=Need.CONDITIONAL, condition=condition, source=_SOURCE
    )


ROWS: tuple[Requirement, ...] = (
    *(
        Requirement(document="APP_FORM", procedure=p, need=Need.REQUIRED, source=_SOURCE)
        for p in (Procedure.COE, *_IN_JAPAN)
    ),
    Requirement(
        document="RETURN_ENV",
        procedure=Procedure.COE,
        channel=Channel.COUNTER,
        need=Need.REQUIRED,
        source=_SOURCE,
    ),
    Requirement(
        document="PASSPORT_CARD",
        procedure=Procedure.COE,
        need=Need.CONDITIONAL,
        condition=Text("日本に在留している場合", "Where the person is in Japan"),
        source=_SOURCE,
    ),
    *(Requirement(document="PASSPORT_CARD", procedure=p, need=Need.REQUIRED, source=_SOURCE) for p in _IN_JAPAN),
    _acquire("BIRTH_PROOF", _BIRTH),
    _acquire("PARENT_QUESTIONNAIRE", _BIRTH),
    _acquire("RESIDENCE_RECORD", _BIRTH),
    _acquire("NATIONALITY_PROOF", _NATIONALITY),
    _acquire("CAUSE_PROOF", _OTHER),
)
