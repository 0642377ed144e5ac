"""Documents: files that are uploaded, or paper."""

from shared.errors import Text

TEXTS = {
    "forms_open": Text("作成済みの様式を提出する", "Add forms that are already filled in"),
    "document_missing": Text(
        "ファイルをアップロードするか、書面での提出を選択してください",
        "Upload a file, or choose to submit it on paper",
    ),
    "required": Text("必須", "Required"),
    "if_applicable": Text("該当する場合", "If applicable"),
    "file": Text("アップロード済みのファイル", "Uploaded file"),
    "file_unnamed": Text("PDFファイル", "PDF file"),
    "pages": Text("{pages}ページ", "pages: {pages}"),
    "to_paper": Text("書面で提出する", "Submit it on paper"),
    "remove": Text("ファイルを削除する", "Remove the file"),
    "field": Text("PDFファイル", "PDF file"),
    "hint": Text("25MB以内", "At most 25 MB"),
    "send": Text("アップロードする", "Upload"),
    "progress": Text("アップロードしています", "Uploading"),
    "need_file": Text(
        "ファイルを選択してください（中身のないファイルはアップロードできません）",
        "Choose a file (an empty file cannot be uploaded)",
    ),
}
