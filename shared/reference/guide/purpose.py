"""Questions about the activity in Japan: work, study, family and the rest, down to a status of residence."""

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.guide.question import Choice, Question
from shared.reference.statuses import STATUSES


def _status(code: str, status: str, text: Text, hint: Text | None = None, activity: str = "") -> Choice:
    """A choice that ends in a status of residence, with the reason."""
    name = next(row.name for row in STATUSES.rows if row.code == status)
    why = Text("その活動の在留資格は「{name}」です。", "The status of residence for it is {name}.").with_values(
        name=name
    )
    return Choice(code, text, hint=hint, status=status, activity=activity, why=why)


def _points(code: str, status: str, text: Text) -> Choice:
    name = next(row.name for row in STATUSES.rows if row.code == status)
    why = Text(
        "ポイントが70点以上なら、在留資格は「{name}」です。", "With 70 points or more the status is {name}."
    ).with_values(name=name)
    return Choice(code, text, "points_activity", status=status, why=why)


def _trainee(code: str, trainee: Text, stage: str) -> Question:
    return Question(
        code,
        Text("{trainee}の受入れ方はどちらですか。", "How is the trainee of {trainee} received?").with_values(
            trainee=trainee
        ),
        (
            _status(
                "company",
                f"TITP{stage}_A",
                Text(
                    "海外の現地法人などから、企業が直接受け入れる（企業単独型）",
                    "By a company, from its own office or partner abroad",
                ),
            ),
            _status(
                "supervised",
                f"TITP{stage}_B",
                Text("監理団体を通じて受け入れる（団体監理型）", "Through a supervising organisation"),
            ),
        ),
    )


PURPOSE = (
    Question(
        "purpose",
        Text(
            "日本で何をしますか（続けるときは、何をしていますか）。",
            "What will the person do in Japan, or what do they do now, if it continues?",
        ),
        (
            Choice("work", Text("働く", "Work"), "work"),
            Choice("business", Text("会社を経営する、始める", "Run or start a business"), "business"),
            _status(
                "study",
                "STUDENT",
                Text("学校で学ぶ", "Study at a school"),
                Text(
                    "大学、専門学校、日本語学校、高校、中学校、小学校など",
                    "University, vocational school, Japanese language school, high school, and so on",
                ),
            ),
            Choice("family", Text("家族と暮らす", "Live with family"), "family"),
            Choice(
                "training", Text("技能実習や研修を受ける", "Technical intern training, or other training"), "training"
            ),
            _status(
                "culture",
                "CULTURAL",
                Text(
                    "収入を得ずに、日本の文化や技芸を学ぶ、学術や芸術の活動をする",
                    "Study Japanese culture or arts, or do academic or artistic work, without income",
                ),
                Text("茶道、柔道、研究など", "Tea ceremony, judo, research, and so on"),
            ),
            Choice(
                "search",
                Text("仕事を探す、内定した仕事が始まるのを待つ", "Look for work, or wait for a job that was offered"),
                "designated_start",
                status="DESIGNATED",
            ),
            Choice(
                "origin",
                Text("日系人、難民などとして暮らす", "Live here as a descendant of Japanese, refugee, ..."),
                "origin",
            ),
            _status(
                "official",
                "OFFICIAL",
                Text(
                    "外国政府や国際機関の公務で滞在する（その家族を含む）",
                    "Work for a foreign government or an international organisation, or be family of somebody who does",
                ),
            ),
            Choice(
                "designated",
                Text("「特定活動」に当たるほかの活動をする", "Another of the designated activities"),
                "designated",
                hint=Text(
                    "インターンシップ、家事使用人、ＥＰＡの看護師など",
                    "Internship, housekeeper, nurse under an EPA, and so on",
                ),
                status="DESIGNATED",
            ),
            Choice(
                "visit",
                Text(
                    "観光、親族訪問、短い商用で訪れる",
                    "Visit as a tourist, to see relatives, or on a short business trip",
                ),
                only=frozenset({Procedure.COE}),
                stop=Text(
                    "90日以内の訪問は「短期滞在」で、オンラインでは申請できません。"
                    "査証は日本の在外公館（大使館・総領事館）に申請してください。",
                    "A visit of up to 90 days is a temporary visit, for which nothing can be filed online: ask the "
                    "Japanese embassy or consulate for a visa.",
                ),
            ),
        ),
    ),
    Question(
        "work",
        Text("どのような仕事ですか。", "What kind of work is it?"),
        (
            Choice(
                "office",
                Text(
                    "事務、技術、通訳、デザインなど、会社での専門的な仕事",
                    "Office work, engineering, interpreting, design",
                ),
                "office",
            ),
            Choice(
                "field",
                Text(
                    "現場の仕事（特定技能、介護、調理、操縦など）", "Care, cooking, construction, farming, flying, ..."
                ),
                "field",
            ),
            Choice("teaching", Text("教える仕事、研究する仕事", "Teaching or research"), "teaching"),
            Choice(
                "licence",
                Text("医師、看護師、弁護士、会計士など資格の要る仕事", "Physician, nurse, lawyer, accountant, ..."),
                "licence",
            ),
            Choice(
                "stage",
                Text("芸術、芸能、スポーツ、報道、宗教の仕事", "Art, entertainment, sport, journalism, religion"),
                "stage",
            ),
            Choice(
                "points",
                Text("高度な専門の仕事で、ポイントが70点以上ある", "Highly skilled work, with 70 points or more"),
                "points",
                hint=Text(
                    "学歴、職歴、年収、年齢などで計算します。申請書で点数が分かります",
                    "Counted from education, career, income and age. The form shows your points",
                ),
            ),
            Choice(
                "designated",
                Text("「特定活動」として認められた仕事", "Work that is one of the designated activities"),
                "designated_work",
                status="DESIGNATED",
            ),
        ),
    ),
    Question(
        "office",
        Text("だれと働きますか。", "Who is the work for?"),
        (
            _status(
                "contract",
                "ENG_HUM_INT",
                Text("日本の会社や団体と契約して働く", "A company or body in Japan, under a contract with it"),
                Text(
                    "大学卒業などの学歴、又は10年以上（通訳・翻訳などは3年以上）の実務経験が要ります",
                    "Needs a degree or the like, or 10 years of experience (3 years for interpreting and the like)",
                ),
            ),
            _status(
                "transfer",
                "ICT",
                Text(
                    "海外の本店、支店、子会社などから、日本の事業所に転勤する",
                    "An office in Japan to which a head office, branch or subsidiary abroad transfers the person",
                ),
            ),
            _status(
                "graduate",
                "DESIGNATED",
                Text(
                    "日本の大学などを卒業し、日本語を使う幅広い仕事をする",
                    "A company in Japan, in wider work that uses Japanese, after graduation in Japan",
                ),
                Text("日本語能力試験Ｎ１などが要ります", "Needs JLPT N1 or the like"),
                activity="N6",
            ),
        ),
    ),
    Question(
        "field",
        Text("どのような現場の仕事ですか。", "Which of these is it?"),
        (
            _status("ssw1", "SSW1", Text("特定技能１号の分野の仕事", "Specified Skilled Worker (i)")),
            _status(
                "ssw2",
                "SSW2",
                Text("特定技能２号の分野の仕事（熟練）", "Specified Skilled Worker (ii), highly experienced"),
            ),
            _status("care", "NURSING", Text("介護福祉士としての介護", "Care work as a certified care worker")),
            _status(
                "skilled",
                "SKILLED",
                Text(
                    "外国料理の調理、外国建築、宝石加工、動物の調教、操縦、スポーツ指導、ソムリエなど熟練した技能の仕事",
                    "Cooking of a foreign cuisine, foreign building, jewellery, training of animals, flying, coaching, "
                    "sommelier",
                ),
            ),
        ),
    ),
    Question(
        "teaching",
        Text("どこで教えますか、研究しますか。", "Where is the teaching or research done?"),
        (
            _status(
                "university",
                "PROFESSOR",
                Text(
                    "大学、大学に準ずる機関、高等専門学校で教える、研究する",
                    "Teaching or research at a university or college of technology",
                ),
            ),
            _status(
                "school",
                "INSTRUCTOR",
                Text(
                    "小学校、中学校、高校、専修学校などで教える",
                    "Teaching at an elementary school, high school, vocational school or the like",
                ),
            ),
            _status(
                "company",
                "ENG_HUM_INT",
                Text("会社や語学教室で教える", "Teaching in a company or a private language school"),
            ),
            _status(
                "research",
                "RESEARCHER",
                Text("会社や研究機関との契約で研究する", "Research under a contract with a company or institute"),
                activity="N1",
            ),
            _status(
                "research_transfer",
                "RESEARCHER",
                Text("海外の事業所から転勤して研究する", "Research after a transfer from an office abroad"),
                activity="L3",
            ),
        ),
    ),
    Question(
        "licence",
        Text("どの資格の仕事ですか。", "Which licence does the work need?"),
        (
            _status(
                "medical",
                "MEDICAL",
                Text(
                    "医師、歯科医師、看護師、薬剤師など医療の資格",
                    "Physician, dentist, nurse, pharmacist and other medical licences",
                ),
            ),
            _status(
                "law",
                "LEGAL_ACCT",
                Text(
                    "弁護士、公認会計士、税理士、行政書士など法律・会計の資格",
                    "Lawyer, certified public accountant, tax accountant and other legal licences",
                ),
            ),
        ),
    ),
    Question(
        "stage",
        Text("どの仕事ですか。", "Which of these is it?"),
        (
            _status(
                "show",
                "ENTERTAINER",
                Text(
                    "演奏、演劇、舞踊、撮影などの興行、プロスポーツ",
                    "Performances of music, theatre or dance, filming, professional sport",
                ),
            ),
            _status(
                "art",
                "ARTIST",
                Text(
                    "作曲、絵画、著述など、収入のある芸術活動", "Composing, painting, writing and other art with income"
                ),
            ),
            _status(
                "press",
                "JOURNALIST",
                Text("外国の報道機関の記者、撮影", "Reporter or camera operator of foreign media"),
            ),
            _status(
                "religion", "RELIGIOUS", Text("外国の宗教団体から派遣される宗教家", "Sent by a religious body abroad")
            ),
        ),
    ),
    Question(
        "points",
        Text("どの活動が中心ですか。", "What is the main part of the work?"),
        (
            _points("research", "HSP1_A", Text("研究、研究の指導、教育", "Research, or teaching at a university")),
            _points(
                "technical",
                "HSP1_B",
                Text("自然科学・人文科学の知識や技術の要る仕事", "Work with special knowledge or technical skill"),
            ),
            _points("management", "HSP1_C", Text("事業の経営、管理", "Management of a business")),
            _points(
                "second",
                "HSP2",
                Text(
                    "高度専門職１号で3年以上活動した後、期間の定めなく続ける",
                    "To continue without a limit, after three years as Highly Skilled Professional (i)",
                ),
            ),
        ),
    ),
    Question(
        "business",
        Text("どのような経営ですか。", "What kind of business is it?"),
        (
            _status(
                "manager",
                "BUS_MGR",
                Text("会社などの事業を経営する、管理職として管理する", "Run a business, or manage one"),
            ),
            _status(
                "points",
                "HSP1_C",
                Text(
                    "経営・管理で、高度専門職のポイントが70点以上ある",
                    "Run or manage a business, with 70 points or more as a highly skilled professional",
                ),
                activity="M1",
            ),
            Choice(
                "preparation",
                Text("起業の準備をする", "Prepare a business"),
                "designated_start",
                hint=Text("外国人起業活動、J-Findなど", "Foreign entrepreneurs, J-Find, and so on"),
                status="DESIGNATED",
            ),
        ),
    ),
    Question(
        "family",
        Text("その家族とはどのような関係ですか。", "Who is the family in Japan?"),
        (
            _status(
                "japanese",
                "SPOUSE_JP",
                Text(
                    "日本人の配偶者、子（特別養子を含む）", "The person is the spouse or child of a Japanese national"
                ),
            ),
            _status(
                "permanent",
                "SPOUSE_PR",
                Text(
                    "永住者、特別永住者の配偶者、日本で生まれたその子",
                    "The spouse of a permanent resident, or their child born in Japan",
                ),
            ),
            _status(
                "dependent",
                "DEPENDENT",
                Text(
                    "日本で働く方、学ぶ方に扶養される配偶者、子",
                    "The spouse or child whom somebody who works or studies in Japan supports",
                ),
            ),
            _status(
                "long_term",
                "LTR",
                Text(
                    "定住者の配偶者、未成年の連れ子など、上のどれでもない家族",
                    "Another relation: spouse of a long-term resident, minor child of a spouse, and so on",
                ),
            ),
            Choice(
                "designated",
                Text(
                    "特定活動で在留する方の家族、高度専門職の方の親など",
                    "Family of somebody under Designated Activities",
                ),
                "designated_family",
                status="DESIGNATED",
            ),
        ),
    ),
    Question(
        "origin",
        Text("どのような方ですか。", "Who is the person?"),
        (
            _status(
                "descendant",
                "LTR",
                Text(
                    "日系二世・三世、難民認定を受けた方、離婚・死別後も日本で暮らす方など",
                    "Second or third generation of Japanese descent, recognised refugee, divorced or widowed, and so "
                    "on",
                ),
            ),
            _status(
                "fourth",
                "DESIGNATED",
                Text("日系四世", "Fourth generation of Japanese descent"),
                activity="14",
            ),
        ),
    ),
    Question(
        "training",
        Text("どの段階ですか。", "Which stage is it?"),
        (
            Choice("first", Text("技能実習の1年目（１号）", "First year of technical intern training"), "training_1"),
            Choice("second", Text("技能実習の2・3年目（２号）", "Second and third year"), "training_2"),
            Choice("third", Text("技能実習の4・5年目（３号）", "Fourth and fifth year"), "training_3"),
            _status(
                "trainee",
                "TRAINEE",
                Text("実務を伴わない研修、公的な研修", "Training without work, or official training"),
            ),
        ),
    ),
    _trainee("training_1", Text("技能実習１号", "the first stage"), "1"),
    _trainee("training_2", Text("技能実習２号", "the second stage"), "2"),
    _trainee("training_3", Text("技能実習３号", "the third stage"), "3"),
)
