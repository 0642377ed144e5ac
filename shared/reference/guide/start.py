"""The first questions: where the person is, what they need, and when their stay ends."""

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.guide.question import ENDED, Choice, Question, at_counter

COE, CHANGE, EXTEND = Procedure.COE, Procedure.CHANGE, Procedure.EXTEND
ACQUIRE, WORKCERT = Procedure.ACQUIRE, Procedure.WORKCERT

START = (
    Question(
        "where",
        Text("申請する方は、いまどこにいますか。", "Where is the person for whom you apply?"),
        (
            Choice(
                "abroad",
                Text("海外にいて、これから日本に来ます", "Abroad, and will come to Japan"),
                "purpose",
                procedure=COE,
                why=Text(
                    "海外にいる方を日本に招くときは、在留資格認定証明書の交付を申請します。",
                    "For somebody who is abroad you apply for a Certificate of Eligibility.",
                ),
            ),
            Choice(
                "japan",
                Text("日本にいて、在留カードを持っています", "In Japan, with a residence card"),
                "need",
            ),
            Choice(
                "born",
                Text(
                    "日本で生まれた子どもで、まだ在留資格がありません",
                    "A child born in Japan who has no status of residence yet",
                ),
                "born_when",
                procedure=ACQUIRE,
                why=Text(
                    "日本で生まれて在留資格がないお子さんは、在留資格の取得を申請します。",
                    "A child born in Japan without a status of residence acquires one.",
                ),
            ),
            Choice(
                "lost",
                Text(
                    "日本国籍を離れた方、又は米軍関係者などでなくなった方です",
                    "Somebody who gave up Japanese nationality, or no longer belongs to the US forces or the like",
                ),
                "lost_when",
                procedure=ACQUIRE,
                why=Text(
                    "在留資格を持たずに日本に残ることになった方は、在留資格の取得を申請します。",
                    "Somebody who stays in Japan without a status of residence so far acquires one.",
                ),
            ),
            Choice(
                "visitor",
                Text("短期滞在（観光・商用・親族訪問）で日本にいます", "In Japan as a temporary visitor"),
                stop=at_counter(
                    Text(
                        "「短期滞在」の方の手続はオンラインでは申請できません。住居地を担当する地方出入国在留管理局の窓口で申請してください。",
                        "Procedures of temporary visitors cannot be filed online: go to the counter of the regional "
                        "immigration office.",
                    ),
                ),
            ),
        ),
    ),
    Question(
        "need",
        Text("何をしたいですか。", "What do you want to do?"),
        (
            Choice(
                "stay",
                Text("今と同じ活動を続けて、日本にもっと長くいたい", "Go on with the same activity and stay longer"),
                "end",
                procedure=EXTEND,
                why=Text(
                    "同じ活動を続けるために、在留期間の更新を申請します。",
                    "To continue the same activity you extend the period of stay.",
                ),
            ),
            Choice(
                "change",
                Text("日本でする活動が変わる", "Do something else in Japan than now"),
                "valid",
                hint=Text(
                    "卒業して就職する、結婚する、会社を始めるなど",
                    "Work after graduation, marriage, a business of your own, and so on",
                ),
                procedure=CHANGE,
                why=Text(
                    "日本でする活動が変わるので、在留資格の変更を申請します。",
                    "Because the activity in Japan changes, you change the status of residence.",
                ),
            ),
            Choice(
                "certificate",
                Text("今の在留資格で働けることの証明書がほしい", "A certificate that you may do your work"),
                "purpose",
                hint=Text("転職したときなど", "After a change of employer, for example"),
                procedure=WORKCERT,
                why=Text(
                    "今の在留資格でその仕事ができることは、就労資格証明書で示せます。",
                    "A certificate of authorised employment shows that your status allows the work.",
                ),
            ),
            Choice(
                "employer",
                Text(
                    "勤め先や学校が変わったが、活動の種類は同じ",
                    "Another employer or school, the same kind of activity",
                ),
                stop=Text(
                    "変わった日から14日以内に、出入国在留管理庁電子届出システム、窓口又は郵送で届け出てください。"
                    "在留期間の満了が近いときは「日本にもっと長くいたい」を、新しい仕事ができることを確かめたいときは"
                    "「証明書がほしい」を選んでください。",
                    "Notify the agency within 14 days: by its electronic notification system, at the counter, or by "
                    "post. If your stay ends soon choose to stay longer; to make sure that you may do the new work "
                    "choose the certificate.",
                ),
            ),
            Choice(
                "travel",
                Text("一時的に日本を出て、また戻ってきたい", "Leave Japan for a while and come back"),
                stop=Text(
                    "1年以内（在留期間の満了日まで）に戻るときは、出国の際に「みなし再入国」の欄に印を付ければ申請は不要です。"
                    "1年を超えるときの再入国許可は、在留資格の変更又は在留期間の更新と一緒ならオンラインで、"
                    "それだけなら窓口で申請してください。",
                    "If you return within a year, and before your stay ends, you tick special re-entry when you leave: "
                    "no application is needed. For longer, a re-entry permit is filed online together with a change or "
                    "an extension, and at the counter otherwise.",
                ),
            ),
            Choice(
                "part_time",
                Text("アルバイトなど、本来の活動のほかに働きたい", "Work beside your main activity"),
                stop=Text(
                    "資格外活動許可は、在留資格の変更、在留期間の更新又は在留資格の取得と一緒ならオンラインで、"
                    "それだけなら住居地を担当する地方出入国在留管理局の窓口で申請してください。",
                    "The permission for other activities is filed online together with a change, an extension or an "
                    "acquisition, and at the counter of the regional immigration office otherwise.",
                ),
            ),
            Choice(
                "permanent",
                Text("永住したい", "Become a permanent resident"),
                stop=at_counter(
                    Text(
                        "永住許可はオンラインでは申請できません。住居地を担当する地方出入国在留管理局の窓口で申請してください。"
                        "在留期間の満了が近いときは、在留期間の更新も必要です。",
                        "Permanent residence cannot be applied for online: go to the counter of the regional "
                        "immigration office. If your stay ends before the result, you need an extension as well.",
                    ),
                ),
            ),
            Choice(
                "card",
                Text(
                    "在留カードの住所、氏名を変えたい、カードをなくした",
                    "Change address or name on the card, or replace a lost card",
                ),
                stop=Text(
                    "住居地の変更は、引っ越した日から14日以内に市区町村の窓口で届け出てください。"
                    "氏名等の変更、カードの再交付は、地方出入国在留管理局の窓口で14日以内に手続してください。",
                    "Notify a change of address at the municipal office within 14 days of moving. Changes of name and "
                    "the like, and a new card, are handled at the counter of the regional immigration office within 14 "
                    "days.",
                ),
            ),
        ),
    ),
    Question(
        "end",
        Text(
            "在留カードに書かれた在留期間の満了日はいつですか。",
            "When does your stay end? The date is on your residence card.",
        ),
        (
            Choice(
                "soon",
                Text("今日から3か月以内です", "Within three months from today"),
                "held",
                hint=Text(
                    "満了日の当日も、23時59分まで申請できます", "It can be filed until 23:59 of the last day as well"
                ),
            ),
            Choice(
                "later",
                Text("3か月より先です", "Later than that"),
                stop=Text(
                    "在留期間の更新は、満了日のおおむね3か月前から申請できます（在留期間が6か月に満たない方は、"
                    "その半分が過ぎてから）。その日が来たら、もう一度お越しください。",
                    "An extension can be filed from about three months before the end of the stay (with a period under "
                    "six months, when half of it has passed). Come back then.",
                ),
            ),
            Choice(
                "past",
                Text("もう過ぎています", "It has passed"),
                stop=ENDED,
            ),
        ),
    ),
    Question(
        "valid",
        Text("在留期間はまだ残っていますか。", "Is your stay still valid today?"),
        (
            Choice(
                "yes",
                Text("はい、満了日は今日以降です", "Yes, it ends today or later"),
                "held",
            ),
            Choice(
                "no",
                Text("いいえ、満了日を過ぎています", "No, it has ended"),
                stop=ENDED,
            ),
        ),
    ),
    Question(
        "held",
        Text(
            "いまの在留資格は、次のどれかですか。在留カードで確かめてください。",
            "Is your present status one of these? It is on your residence card.",
        ),
        (
            Choice("none", Text("どれでもない", "None of them"), "purpose"),
            Choice(
                "permanent",
                Text("永住者、特別永住者", "Permanent resident or special permanent resident"),
                stop=Text(
                    "在留期間に満了日はなく、更新は不要です。在留カードの有効期間の更新は地方出入国在留管理局の窓口で、"
                    "特別永住者証明書の更新は市区町村の窓口で行ってください。",
                    "Your stay has no end and needs no extension. The card itself is renewed at the counter of the "
                    "regional immigration office, the special permanent resident certificate at the municipal office.",
                ),
            ),
            Choice(
                "hsp2",
                Text("高度専門職２号", "Highly Skilled Professional (ii)"),
                only=frozenset({EXTEND}),
                stop=Text(
                    "在留期間は無期限で、更新は不要です。在留カードの有効期間の更新は地方出入国在留管理局の窓口で行ってください。",
                    "Your stay is indefinite and needs no extension. The card itself is renewed at the counter of the "
                    "regional immigration office.",
                ),
            ),
            Choice(
                "departure",
                Text("特定活動（出国準備期間）", "Designated Activities to prepare departure"),
                stop=at_counter(
                    Text(
                        "出国準備のための「特定活動」の方の手続はオンラインでは申請できません。"
                        "住居地を担当する地方出入国在留管理局の窓口に相談してください。",
                        "Procedures of people who prepare their departure cannot be filed online: ask at the counter "
                        "of the regional immigration office.",
                    ),
                ),
            ),
            Choice(
                "diplomat",
                Text("外交", "Diplomat"),
                stop=Text(
                    "「外交」の方の手続はオンラインでは申請できません。所属する公館を通じて外務省に相談してください。",
                    "Procedures of diplomats cannot be filed online: ask the Ministry of Foreign Affairs through your "
                    "mission.",
                ),
            ),
        ),
    ),
)
