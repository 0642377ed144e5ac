"""The API specification."""

from shared.errors import Text

TEXTS = {
    "openapi": Text("OpenAPI文書（JSON）", "OpenAPI document (JSON)"),
    "services": Text("サービス", "Services"),
    "lead": Text(
        "すべてのサービスの操作です。機械で読み取る場合はOpenAPI文書を使用してください。説明文は英語です。",
        "The operations of all services. Programs read the OpenAPI document.",
    ),
    "missing": Text("現在応答していないサービス:", "Services that are not responding:"),
    "method": Text("メソッド", "Method"),
    "path": Text("パス", "Path"),
    "summary": Text("内容", "Description"),
    "roles": Text("利用できる方", "Available to"),
    "public": Text("どなたでも", "Everyone"),
    "signed_in": Text("ログインした方", "Signed-in users"),
}
