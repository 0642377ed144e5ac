"""Reasons that officers choose from: why a registration is refused, and why an account is stopped or ended.

The codes are what events and the journal keep; other codes may be sent over the API.
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.errors import Text

REJECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "requirements_not_met": Text("承認要件を満たしていない", "The requirements are not met"),
        "agent_not_qualified": Text(
            "申請等取次者としての要件を満たしていない", "The user does not qualify as an application agent"
        ),
        "identity_not_confirmed": Text(
            "本人又は機関の実在を確認できない", "The person or organisation cannot be confirmed"
        ),
        "not_corrected": Text("差し戻した事項が補正されない", "What was returned was not corrected"),
        "duplicate": Text("同一の利用申出が既にある", "The same registration exists already"),
        "terms_violated": Text("利用規約に違反した", "The terms of use were violated"),
    }
)
STOPS: Mapping[str, Text] = MappingProxyType(
    {
        "suspicious": Text("不審な利用があった", "There was suspicious use"),
        "terms_violated": Text("利用規約に違反した", "The terms of use were violated"),
        "requirements_lost": Text("要件を満たさなくなった", "The requirements are not met any more"),
        "own_request": Text("本人から申出があった", "The person asked for it"),
    }
)
CLOSES: Mapping[str, Text] = MappingProxyType(
    {
        "left_office": Text("退職した", "The person left"),
        "terms_violated": Text("利用規約に違反した", "The terms of use were violated"),
        "requirements_lost": Text("要件を満たさなくなった", "The requirements are not met any more"),
        "duplicate": Text("同一人のアカウントが他にある", "The person has another account"),
        "own_request": Text("本人から申出があった", "The person asked for it"),
    }
)
