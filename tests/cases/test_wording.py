"""Words that were retired: none of them is left in what people read."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from services.gateway.texts import PAGES
from services.registration.authentication import problems as authentication
from services.registration.lifecycle import problems as lifecycle
from services.registration.oauth import problems as oauth
from services.registration.officers import problems as officers
from services.registration.usage_registration import problems as usage_registration
from shared.catalogues import read_catalogue
from shared.errors import Problem, Text
from shared.http.validation import _SENTENCES
from shared.reference.user_classes import USER_CLASSES
from tests.guards.sources import ROOT

# What was said before, and what is said now: the tables of the first-use report.
RETIRED_JA = {
    "サインイン": "ログイン",
    "サインアウト": "ログアウト",
    "立場": "利用者区分、権限",
    "利用期限": "利用の有効期限",
    "期間満了": "有効期限切れ",
    "依頼を受けた外国人": "申請の取次ぎを依頼した外国人",
    "所属する機関に所属する": "自らの機関に所属する",
    "支援を委託された": "支援の委託を受けている1号",
    "親権又は後見の下": "親権に服する未成年者、被後見人",
    "手続はすべてオンラインで": "利用者登録・利用申出は24時間受け付けています",
    "カードリーダーや専用ソフト": "",
    "このページは後で続けられます": "続きは後で入力できます",
    "変更すると延長されます": "内容を更新すると、保存期間が延長されます",
    "別の端末で変更されました": "ほかの画面で内容が変更されています",
    "次の点を直して": "次の点を補正し",
    "資本金がない場合は0": "資本金がない場合は「0」と入力してください",
    "守ることを誓約": "遵守することを誓約",
    "ファイルを送る": "アップロードする",
    r"(?<!に)提出済みのファイル": "アップロード済みのファイル",
    "直していただく点": "補正が必要な場合",
    "二段階目": "二要素認証",
    "コードも要りません": "コードの入力も不要です",
    "控えました": "保管しました",
    "大切な操作": "重要な操作",
    "どうすればよいか": "対処方法",
    "内容を小さくして": "ファイルを25MB以下にして",
    "下の受付番号": "下の「問い合わせ用の番号」",
    "許可後の移動先": "リダイレクト先URL",
    "シークレットを終了": "シークレットを無効にする",
    "インターフェースの一覧": "API仕様",
    "申請の画面で確認できます": "",
}
RETIRED_EN = (
    # 書留 is registered mail.
    r"(?<!egistered )\bmails?\b",
    r"hand(?:ed)? (?:it )?in\b",
    r"\bmend",
    r"Registration of persons",
    r"Yourself",
    r"You act in this role",
    r"How you act",
    r"[Oo]utside system",
    r"\blet (?:a system|one|it) in\b",
    r"gets in no more",
    r"Show that it is you",
    r"Second step",
    r"signed out by yourself",
    r"Give a number",
    r"This is required",
    r"The format is not right",
    r"ASCII only",
    r"where it applies",
    r"without a visit to the counter",
    r"[Ww]hoever",
    r"\banybody\b",
    r"\bSend less\b",
    r"List of the interface",
    r"\bway in\b",
    r"\bgo(?:es)? on\b",
    r"\bbegun\b",
    r"\blet in\b",
    r"\btold\b",
    r"\banew\b",
    r"\blately\b",
    r"[Hh]ave (?:it|the link) sent",
    r"\bPlease\b",
)
_FULL_WIDTH_DIGIT = re.compile(r"[０-９]")
_HALF_WIDTH_BRACKET = re.compile(r"[぀-ヿ一-鿿]\(|\)[぀-ヿ一-鿿]")

_REGISTRATION_PROBLEMS = (authentication, lifecycle, oauth, officers, usage_registration)


def _of_module(module: object) -> Iterator[Text]:
    """Every text that a module of problems holds, in its tables and classes."""
    for value in vars(module).values():
        if isinstance(value, dict):
            yield from (one for one in value.values() if isinstance(one, Text))
        elif isinstance(value, type) and issubclass(value, Problem):
            yield value.title


def _problems(kind: type[Problem] = Problem) -> Iterator[Text]:
    yield kind.title
    for more in kind.__subclasses__():
        yield from _problems(more)


def _of_pages(lang: str) -> list[str]:
    return [text for texts in PAGES[lang].values() for text in texts.values()]


def _said() -> dict[str, list[str]]:
    """Texts that people read on pages and in errors, by language."""
    texts = [*_problems()]
    for module in _REGISTRATION_PROBLEMS:
        texts += _of_module(module)
    for row in USER_CLASSES.rows:
        texts += [row.name, row.acts_for]
    texts += [text for _, text in _SENTENCES.values()]
    said = {"ja": [text.ja for text in texts], "en": [text.en for text in texts]}
    for lang in said:
        said[lang] += _of_pages(lang)
    for kept in sorted(files("services.gateway").joinpath("site_texts").iterdir(), key=lambda one: one.name):
        ja, _, en = kept.read_text(encoding="utf-8").partition("[en]")
        said["ja"].append(ja.partition("[ja]")[2])
        said["en"].append(en)
    return said


SAID = _said()


def _everything() -> dict[str, list[str]]:
    """The same with every mail and every text of code and data: a template names each of them
    (`python -m deploy.translations template`). The Japanese of forms is that of the paper ones, and left out."""
    found = {lang: list(texts) for lang, texts in SAID.items()}
    for template in sorted((ROOT / "shared/locale").glob("*.pot")):
        for message in read_catalogue(template.read_bytes()):
            found["en"].append(message.id)
            if template.stem != "forms":
                found["ja"] += message.notes
    for lang, texts in found.items():
        mails = ROOT / f"services/notification/channels/mail/locale/{lang}/LC_MESSAGES/mail.po"
        texts += [message.text for message in read_catalogue(mails.read_bytes())]
    return found


EVERYTHING = _everything()


@pytest.mark.parametrize("word", RETIRED_JA)
def test_no_retired_japanese_words_are_left(word: str) -> None:
    """[newcomers wording] Pages, mails, texts of code and data; the table says what is said instead."""
    assert [text for text in EVERYTHING["ja"] if re.search(word, text)] == []


@pytest.mark.parametrize("word", RETIRED_EN)
def test_no_retired_english_words_are_left(word: str) -> None:
    """[newcomers wording] The same for English."""
    assert [text for text in EVERYTHING["en"] if re.search(word, text)] == []


def test_templates_hold_no_words_of_their_own() -> None:
    """[newcomers wording] Every sentence is in `texts`, but the names of the two languages."""
    japanese = re.compile(r"[぀-ヿ一-鿿]+")
    for template in (ROOT / "services/gateway/templates").rglob("*.html"):
        found = set(japanese.findall(template.read_text(encoding="utf-8"))) - {"日本語"}
        assert found == set(), template.name


def test_digits_are_half_width_and_brackets_full_width() -> None:
    """[newcomers wording] One width in all of the pages' Japanese."""
    assert [text for text in SAID["ja"] if _FULL_WIDTH_DIGIT.search(text)] == []
    assert [text for text in _of_pages("ja") if _HALF_WIDTH_BRACKET.search(text)] == []
