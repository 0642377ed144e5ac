"""Problems of a file, in words that help: each says what is wrong and what to do about it."""

from collections.abc import Mapping
from datetime import timedelta

from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Problem, Text, TooMany

PROBLEMS: dict[str, Text] = {
    "file-empty": Text(
        "ファイルが空です。ファイルを開いて内容を確認し、もう一度選び直してください。",
        "The file is empty. Open it to see whether it has content, then choose it again.",
    ),
    "type-not-accepted": Text(
        "このファイルの形式は受け付けていません。写真は JPEG または PNG、書類は PDF で提出してください。",
        "This type of file is not accepted. Send photos as JPEG or PNG and documents as PDF.",
    ),
    "type-heic": Text(
        "HEIC 形式の写真です。iPhone では「設定 → カメラ → フォーマット → 互換性優先」にして撮り直すか、"
        "写真を JPEG で書き出してください。",
        "This photo is in HEIC format. On an iPhone choose Settings > Camera > Formats > Most Compatible and take it "
        "again, or export the photo as JPEG.",
    ),
    "type-office": Text(
        "Word・Excel などのファイルです。作成したソフトの「PDF として保存(エクスポート)」で PDF にしてください。",
        "This is a Word, Excel or similar file. Use “Save as PDF” or “Export as PDF” in the program that made it.",
    ),
    "kind-is-pdf": Text(
        "顔写真の欄に PDF が選ばれています。写真は JPEG または PNG で提出してください。",
        "A PDF was chosen as the face photo. Send the photo as JPEG or PNG.",
    ),
    "kind-is-photo": Text(
        "書類の欄に画像が選ばれています。画像を PDF に変換するか、スキャナーで PDF として保存してください。",
        "A picture was chosen as a document. Convert it to PDF, or scan the document as PDF.",
    ),
    "photo-damaged": Text(
        "写真を読み取れません。ファイルが壊れています。元の写真を開けるか確認し、保存し直してください。",
        "The photo cannot be read: the file is damaged. See whether the original opens, and save it again.",
    ),
    "photo-too-many-pixels": Text(
        "写真の画素数が多すぎます(上限 6,400万画素)。写真を縮小して保存し直してください。",
        "The photo has too many pixels (at most 64 million). Reduce it and save it again.",
    ),
    "photo-too-small": Text(
        "写真が小さすぎます。縦横比 3:4 に切り抜いたあとで横 480 × 縦 640 ピクセル以上必要です。"
        "より大きい写真を選ぶか、撮り直してください。",
        "The photo is too small: after cropping to 3:4 it must be at least 480 pixels wide and 640 high. "
        "Choose a larger photo or take it again.",
    ),
    "photo-not-portrait": Text(
        "顔写真の形になっていません。縦長(縦 4:横 3 程度)の写真を提出してください。"
        "横長や極端に細長い写真は使えません。",
        "The photo does not have the shape of a face photo. Send an upright one (about 3 wide to 4 high); wide or very "
        "narrow pictures cannot be used.",
    ),
    "pdf-encrypted": Text(
        "PDF にパスワードがかかっています。パスワードを解除してから提出してください"
        "(開いて「印刷」→「PDF に保存」を選ぶと、パスワードのない PDF を作れます)。",
        "The PDF has a password. Remove it first: open the file and choose Print > Save as PDF, which makes a copy "
        "without one.",
    ),
    "pdf-restricted": Text(
        "PDF に印刷やコピーの制限がかかっています。作成元のソフトで「文書のプロパティ → セキュリティ」を"
        "「セキュリティなし」にするか、制限のない PDF を作り直してください。",
        "The PDF forbids printing or copying. In the program that made it, set Document Properties > Security to "
        "“No Security”, or make the PDF again without restrictions.",
    ),
    "pdf-damaged": Text(
        "PDF が壊れていて、ページが欠けているおそれがあります。元のファイルを開き、「印刷」→「PDF に保存」で"
        "作り直してください。",
        "The PDF is damaged and pages may be missing. Open the original and make it again with Print > Save as PDF.",
    ),
    "pdf-empty": Text(
        "PDF にページがありません。元のファイルから作り直してください。",
        "The PDF has no pages. Make it again from the original.",
    ),
    "pdf-active-content": Text(
        "PDF にスクリプトやプログラムの起動などの動作が含まれています。安全のため受け付けられません。"
        "「印刷」→「PDF に保存」で作り直すと取り除けます。",
        "The PDF contains scripts or starts programs, which is not accepted for safety. Making it again with "
        "Print > Save as PDF removes them.",
    ),
    "pdf-dynamic-form": Text(
        "動的フォーム(XFA)の PDF は審査官の画面に表示されません。「印刷」→「PDF に保存」で作り直してください。",
        "A dynamic (XFA) form does not show on the examiner's screen. Make it again with Print > Save as PDF.",
    ),
    "pdf-too-long": Text(
        "PDF のページ数が多すぎます(上限 1,000ページ)。いくつかのファイルに分けてください。",
        "The PDF has too many pages (at most 1,000). Split it into several files.",
    ),
    "pdf-too-complex": Text(
        "PDF の内部の構造が大きすぎるため、確認できません。元のファイルを開き、「印刷」→「PDF に保存」で作り直すか、"
        "いくつかのファイルに分けてください。",
        "The inner structure of the PDF is too large to check. Open the original and make it again with "
        "Print > Save as PDF, or split it into several files.",
    ),
    "photo-too-complex": Text(
        "写真のファイルの構造が複雑すぎるため、確認できません。写真を開き、標準の JPEG で保存し直してください。",
        "The file of the photo has too complex a structure to check. Open the photo and save it again as a standard "
        "JPEG.",
    ),
    "file-not-checkable": Text(
        "ファイルの確認が終わりませんでした。内容が複雑すぎるか、壊れている可能性があります。"
        "PDF は「印刷」→「PDF に保存」で、写真は別の名前で保存し直してから提出してください。",
        "The check of this file did not come to an end: it may be too complex or damaged. Make a PDF again with "
        "Print > Save as PDF, or save the photo again under another name, and send that.",
    ),
}

# What a person should look at, and may decide otherwise: a measurement alone must not turn a good photo away.
ADVICE: dict[str, Text] = {
    "photo-dark": Text(
        "写真が暗いようです。明るい場所で撮った写真をお勧めします。",
        "The photo looks dark; a brighter one is safer.",
    ),
    "photo-bright": Text(
        "写真が明るすぎるようです。顔の輪郭が見えるか確認してください。",
        "The photo looks too bright; see whether the face is clear.",
    ),
    "photo-blurred": Text(
        "写真がぼやけているようです。ピントを確認してください。",
        "The photo looks blurred; check that it is in focus.",
    ),
    "photo-old": Text(
        "撮影日が6か月より前のようです。6か月以内に撮影した写真が必要です。",
        "The photo seems older than six months; it must be taken within the last six.",
    ),
}


class FileRefused(Invalid):
    """The file cannot be used; each problem says what to do."""

    code = "file-refused"
    title = Text("このファイルは受け付けられません", "This file cannot be accepted")

    def __init__(self, codes: tuple[str, ...]) -> None:
        fields = [FieldProblem("/file", code, PROBLEMS[code]) for code in codes]
        super().__init__(PROBLEMS[codes[0]], fields)


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
    title = Text("申請に提出済みのファイルは削除できません", "A filed document cannot be deleted")


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
                f"使用できないファイル、または確認に時間のかかるファイルが多く送信されました。約{minutes}分後に"
                "再度お試しください。PDF は「印刷」→「PDF に保存」で作り直すと、確認が早く終わります。",
                f"Many of the files sent could not be used or took long to check. Try again in about {minutes} "
                f"{'minute' if minutes == 1 else 'minutes'}. A PDF made again with Print > Save as PDF is checked "
                "faster.",
            )
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
