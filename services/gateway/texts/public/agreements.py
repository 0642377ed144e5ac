"""Terms of use and pledge, by version."""

from shared.errors import Text

TEXTS = {
    "version": Text("{day}版", "Version of {day}"),
    "sample": Text(
        "これは見本です。本システムの運営者が、実際の規約及び誓約書に差し替えます。",
        "This is a sample. The operator of this system replaces it with the real text.",
    ),
    "not_current": Text("これは現在適用されている版ではありません。", "This is not the version in force."),
    "others": Text("ほかの版", "Other versions"),
}
