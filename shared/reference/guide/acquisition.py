"""Questions about acquiring a status of residence: how long ago the cause was, and the parents of a child."""

from shared.errors import Text
from shared.reference.guide.question import Choice, Question, at_counter

_LATE = at_counter(
    Text(
        "事由が生じた日から30日を過ぎているため、オンラインでは申請できません。"
        "住居地を担当する地方出入国在留管理局の窓口に相談してください。",
        "More than 30 days have passed, so it cannot be filed online: ask at the counter of the regional immigration "
        "office.",
    ),
)
_LEAVES = Text(
    "事由が生じた日から60日以内に日本を出るときは、在留資格の取得は不要です。",
    "Somebody who leaves Japan within 60 days needs no status of residence.",
)


def _when(code: str, text: Text, following: str) -> Question:
    return Question(
        code,
        text,
        (
            Choice("within_30", Text("30日以内", "Within the last 30 days"), following),
            Choice("late", Text("30日を過ぎている", "More than 30 days ago"), stop=_LATE),
            Choice("leaves", Text("60日以内に日本を出る予定", "The person leaves Japan within 60 days"), stop=_LEAVES),
        ),
    )


ACQUISITION = (
    _when(
        "born_when",
        Text("お子さんが生まれたのはいつですか。", "When was the child born?"),
        "parents",
    ),
    _when(
        "lost_when",
        Text("その事由が生じたのはいつですか。", "When did that happen?"),
        "purpose",
    ),
    Question(
        "parents",
        Text("お子さんの父母はどのような方ですか。", "Who are the parents of the child?"),
        (
            Choice(
                "japanese",
                Text("父又は母が日本人で、子も日本国籍です", "One is Japanese, and so is the child"),
                stop=Text(
                    "日本国籍のお子さんに在留資格は不要です。出生の届出は市区町村の窓口で行ってください。",
                    "A Japanese child needs no status of residence. Notify the birth at the municipal office.",
                ),
            ),
            Choice(
                "japanese_parent",
                Text("父又は母が日本人で、子は日本国籍ではありません", "One is Japanese, but the child is not"),
                status="SPOUSE_JP",
                why=Text(
                    "日本人の子として出生した方の在留資格は「日本人の配偶者等」です。",
                    "The status of a child of a Japanese national is Spouse or Child of Japanese National.",
                ),
            ),
            Choice(
                "special",
                Text("父又は母が特別永住者です", "One is a special permanent resident"),
                stop=Text(
                    "特別永住許可は、出生から60日以内に市区町村の窓口で申請してください。",
                    "Apply for special permanent residence at the municipal office within 60 days of the birth.",
                ),
            ),
            Choice(
                "permanent",
                Text("父又は母が永住者です", "One is a permanent resident"),
                hint=Text(
                    "お子さんの永住を希望するときは、窓口で申請してください",
                    "Permanent residence for the child is applied for at the counter",
                ),
                status="SPOUSE_PR",
                why=Text(
                    "日本で生まれた永住者の子の在留資格は「永住者の配偶者等」です。",
                    "The status of a child born in Japan to a permanent resident is Spouse or Child of Permanent "
                    "Resident.",
                ),
            ),
            Choice(
                "long_term",
                Text("父又は母が定住者です", "One is a long-term resident"),
                status="LTR",
                why=Text(
                    "定住者の子の在留資格は「定住者」です。",
                    "The status of a child of a long-term resident is Long-Term Resident.",
                ),
            ),
            Choice(
                "supported",
                Text(
                    "父又は母が日本で働いている、又は留学している",
                    "One works or studies in Japan, and supports the child",
                ),
                hint=Text("特定技能１号、技能実習を除きます", "Not Specified Skilled Worker (i) and technical intern"),
                status="DEPENDENT",
                why=Text(
                    "働く方、学ぶ方に扶養される子の在留資格は「家族滞在」です。",
                    "The status of a child whom a worker or student supports is Dependent.",
                ),
            ),
            Choice(
                "other",
                Text(
                    "父母が特定活動、特定技能１号、技能実習などで在留しています",
                    "The parents are here under Designated Activities, Specified Skilled Worker (i), as technical "
                    "interns, or the like",
                ),
                status="DESIGNATED",
                why=Text(
                    "「家族滞在」の対象にならないお子さんの在留資格は「特定活動」です。",
                    "Where the child is no Dependent, the status is Designated Activities.",
                ),
            ),
        ),
    ),
)
