"""Problems of a file and of an upload, in words that help: each says what is wrong and what to do about it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.document.checks.catalogue import Severity
from services.document.checks.verdict import Finding
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Problem, Text, TooMany


class FileRefused(Invalid):
    """The file cannot be used; each problem says what to do."""

    code = "file-refused"
    title = Text("このファイルは受け付けられません", "This file cannot be accepted")

    def __init__(self, findings: Sequence[Finding]) -> None:
        problems = [each for each in findings if each.severity is not Severity.ADVICE]
        super().__init__(problems[0].text, [FieldProblem("/file", each.code, each.text) for each in problems])


class FileRepairable(FileRefused):
    """The file cannot be used as it is; a repaired copy can, and waits to be taken (`offer`)."""

    code = "file-repairable"
    title = Text(
        "このままでは受け付けられません。修復したファイルを使えます", "A repaired copy of this file can be used"
    )


class ConsentMissing(Invalid):
    """A restriction was taken off a copy; its owner has to say that they may."""

    def __init__(self) -> None:
        message = Text(
            "印刷・コピーの制限を解除してよいファイルであることを確認し、own_file に true を指定してください。",
            "See that you may take the restrictions off this file, and give own_file true.",
        )
        super().__init__(fields=[FieldProblem("/own_file", "required", message)])


class NothingToImprove(Invalid):
    """A copy is asked for without something that was not found in the file."""

    def __init__(self, possible: Sequence[str]) -> None:
        text = Text(
            "このファイルには作り直せるところがありません。",
            "There is nothing in this file that a copy could do without.",
        )
        if possible:
            text = Text("指定できるのは {codes} です。", "Give one of {codes}.").with_values(codes=", ".join(possible))
        super().__init__(fields=[FieldProblem("/codes", "not-a-choice", text)])


class OriginalGone(Conflict):
    """The picture that a photo was cut from is not kept any more."""

    code = "original-gone"
    title = Text(
        "切り抜く前の写真が残っていません。写真をもう一度アップロードしてください",
        "The picture that this photo was cut from is not kept any more. Upload it again",
    )


class NoCopy(Conflict):
    """No copy could be made that is better and looks the same."""

    code = "no-copy"
    title = Text(
        "表示を変えずに作り直すことができませんでした。このファイルはそのまま使用できます",
        "No copy could be made that looks the same. You can use the file as it is",
    )


class PagesNotThere(Invalid):
    """Pages are to be put together that there are not, or of files that were not made of pictures."""

    def __init__(self, mistakes: Sequence[tuple[int, str]]) -> None:
        texts = {
            "not-of-pictures": (
                "document_id",
                Text(
                    "画像から作った PDF だけをまとめられます。ほかの PDF はそのまま提出してください。",
                    "Only PDFs that were made of pictures here are put together. Send other PDFs as they are.",
                ),
            ),
            "no-such-page": ("page", Text("このページはありません。", "There is no such page.")),
        }
        super().__init__(
            fields=[FieldProblem(f"/pages/{at}/{texts[code][0]}", code, texts[code][1]) for at, code in mistakes]
        )


class QuotaReached(Conflict):
    """The owner keeps too much that is not filed. No Retry-After: there is room once something was filed
    or deleted."""

    code = "quota-reached"
    title = Text("保管できるファイルの上限に達しました", "You keep as many files as you may")


class AccountStopped(Forbidden):
    """The account is suspended or closed."""

    code = "account-stopped"
    title = Text("このアカウントは停止されています", "This account is stopped")


class AlreadyFiled(Conflict):
    """A filed document is part of the application and stays."""

    code = "document-filed"
    title = Text("申請に提出済みのファイルは変更・削除できません", "A filed document cannot be changed or deleted")


class OneRecordAlone(Forbidden):
    """A token for files of one record: such a file is sent whole."""

    code = "one-record-only"
    title = Text("分割して送信するにはログインが必要です", "Sign in to send a file in parts")


class PartsMissing(Conflict):
    """Not all parts of a file have arrived."""

    code = "parts-missing"
    title = Text("ファイルの一部がまだ届いていません", "Parts of the file have not arrived yet")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "GET /v1/uploads/{id} で届いていない部分を確認し、送信してから、もう一度指定してください。",
                "Ask GET /v1/uploads/{id} which ones, send them, and name the upload again.",
            )
        )


class PartsDiffer(Conflict):
    """The parts together are not the file that was announced; they are removed."""

    code = "parts-differ"
    title = Text(
        "届いた内容が、はじめに示されたファイルと異なります", "What arrived is not the file that was announced"
    )

    def __init__(self) -> None:
        super().__init__(
            Text(
                "送信中にファイルが変更された可能性があります。もう一度はじめから送信してください。",
                "The file may have changed while it was sent. Send it again from the beginning.",
            )
        )


class NotScanned(Conflict):
    """The file waits for its scan for malware; nobody opens it before."""

    code = "file-not-scanned"
    title = Text("ウイルスの検査が終わっていないため、まだ開けません", "The file is not scanned for malware yet")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "検査は自動で行われます。しばらくしてから、もう一度開いてください。提出や保存には影響ありません。",
                "It is scanned automatically: open it again in a while. It can be saved and submitted all the same.",
            )
        )


class FileQuarantined(Conflict):
    """Malware was found in the stored file, or it cannot be scanned: nobody opens it."""

    code = "file-quarantined"
    title = Text("安全でない可能性があるため、ファイルを開けません", "The file may not be safe and is not opened")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "保管後のウイルスの検査で問題が見つかりました。元の書類から作り直したファイルを送信するか、申請人に再提出を"
                "求めてください。",
                "A scan for malware after it was stored found a problem. Send a file made again from the original "
                "document, or ask the applicant to submit it again.",
            )
        )


class NobodyWaits(Problem):
    """The caller has gone: the file is neither checked nor stored. Nobody reads this answer."""

    code = "caller-gone"
    title = Text("接続が切れたため、ファイルは保存されていません", "The connection ended; the file was not stored")


class ChecksUsedUp(TooMany):
    """The checks of this hour are used up: too many files were refused, or their checks took too long."""

    code = "checks-used-up"
    title = Text("1時間に確認できるファイルの上限に達しました", "Your file checks for this hour are used up")

    def __init__(self, wait: timedelta) -> None:
        seconds = max(int(wait.total_seconds()), 1)
        self.headers: Mapping[str, str] = {"Retry-After": str(seconds)}
        minutes = -(-seconds // 60)
        super().__init__(
            Text(
                "使用できないファイル、または確認に時間のかかるファイルが多く送信されました。約{minutes}分後に"
                "再度お試しください。PDF は「印刷」→「PDF に保存」で作り直すと、確認が早く終わります。",
                "Many of the files sent could not be used or took long to check. Minutes to wait: about {minutes}. "
                "A PDF made again with Print > Save as PDF is checked faster.",
            ).with_values(minutes=minutes)
        )


class FileAltered(Conflict):
    """The stored content differs from the content that was checked. It is not served."""

    code = "file-altered"
    title = Text("保管中のファイルを開けません", "The stored file cannot be opened")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "保管中のファイルが、受け付けた時の内容と一致しません。安全のため開くことができません。運用担当者に記録"
                "されました。お急ぎの場合は、窓口に連絡するか、未提出のときはファイルを送信し直してください。",
                "The stored file is not the one that was accepted, so it is not opened. The operators have a record of "
                "this. If you need it now, contact the office, or send the file again if it was not filed yet.",
            )
        )
