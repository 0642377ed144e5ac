"""The identity at the provider that is linked to an account."""

from shared.errors import Text

TEXTS = {
    "lead": Text(
        "{name}で本人確認を行うと、パスワードを使わずにログインできます。",
        "Confirm your identity with {name} to sign in without a password.",
    ),
    "since": Text("連携した日時", "Linked"),
    "link": Text("{name}を連携する", "Link {name}"),
    "remove": Text("{name}の連携を解除する", "Unlink {name}"),
    "remove_lead": Text(
        "{name}ではログインできなくなり、ほかの端末はログアウトします。",
        "You can no longer sign in with {name}, and your other devices will be signed out.",
    ),
}
