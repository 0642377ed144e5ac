"""Problems of archives, in words that help."""

from collections.abc import Mapping

from services.document.checks.catalogue import sentence
from services.document.files.problems import AccountStopped, QuotaReached
from shared.errors import Forbidden, Text, TooMany

PROBLEMS: dict[str, Text] = {
    "archive-damaged": Text(
        "ZIPファイルを開けません。ファイルが壊れているか、ZIP形式ではありません。作り直して送信してください。",
        "The ZIP cannot be opened: it is damaged, or no ZIP. Make it again and send it.",
    ),
    "archive-encrypted": Text(
        "パスワード付きのZIPファイルです。パスワードを付けずに作り直してください。",
        "The ZIP has a password. Make it again without one.",
    ),
    "archive-empty": Text("ZIPファイルの中にファイルがありません。", "The ZIP has no files in it."),
    "archive-too-many": Text(
        "ZIPファイルの中のファイルが多すぎます（3,000個まで）。分けて送信してください。",
        "The ZIP has too many files (at most 3,000). Send it in parts.",
    ),
    "archive-too-large": Text(
        "展開すると大きすぎます（512MBまで）。分けて送信してください。",
        "Unpacked, the ZIP is too large (at most 512 MB). Send it in parts.",
    ),
    "archive-not-checkable": Text(
        "ZIPファイルを展開できませんでした。作り直すか、分けて送信してください。",
        "The ZIP could not be unpacked. Make it again, or send it in parts.",
    ),
    "duplicate": Text(
        "同じ名前のファイルがZIPファイルの中に2つあります。最初のものを使用します。",
        "The ZIP has two files with this name. The first one is taken.",
    ),
    "file-too-large": Text("ファイルは25MB以内にしてください。", "A file has at most 25 MB."),
    "entry-damaged": Text(
        "このファイルは展開できません。ZIPファイルを作り直してください。",
        "This file does not unpack. Make the ZIP again.",
    ),
    "name-not-understood": Text(
        "ファイル名から、どの行の何の書類か分かりません。「行のキー_書類コード.pdf」（例：E-1001_RES_TAX.pdf）、写真は"
        "「行のキー_PHOTO.jpg」にしてください。",
        "The name does not say which row and document this is. Name it KEY_CODE.pdf, like E-1001_RES_TAX.pdf, and a "
        "photo KEY_PHOTO.jpg.",
    ),
    AccountStopped.code: AccountStopped.title,
    QuotaReached.code: Text(
        "保存できるファイルの上限に達しています。申請に使わないファイルを削除してから、もう一度送信してください。",
        "There is no room for more files. Delete files that you do not need, then send this one again.",
    ),
}


def words_of(code: str) -> Text:
    """The sentence of a problem of an archive or of a file."""
    return PROBLEMS.get(code) or sentence(code, None, {})


class TooManyArchives(TooMany):
    """An owner's archives are still being checked."""

    code = "too-many-archives"
    headers: Mapping[str, str] = {"Retry-After": "30"}
    title = Text(
        "先に送信されたZIPファイルの確認が終わっていません。終わってから送信してください。",
        "ZIP files that you sent before are still being checked. Send this one when that is done.",
    )


class OneRecordOnly(Forbidden):
    """A token for files of one record."""

    code = "one-record-only"
    title = Text("この操作にはログインが必要です", "Sign in to send a ZIP")
