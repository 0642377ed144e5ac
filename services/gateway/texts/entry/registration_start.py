"""The choice of a user class."""

from shared.errors import Text

TEXTS = {
    "acts_for": Text("対象となる外国人", "Applies for"),
    "lead": Text(
        "どなたとして申請するかを選んでください。利用者登録・利用申出は24時間受け付けています。",
        "Choose your user class. You can register at any time.",
    ),
    "staff": Text("機関・団体の職員の方", "Staff of organisations"),
    "staff_how": Text(
        "メールアドレスで利用申出を作成し、書類を提出します。審査後、パスワードを設定して利用を始めます。",
        "Fill in a usage registration with your email address and add the documents. Once it is approved, you set "
        "a password.",
    ),
    "persons": Text("個人の方", "Individuals"),
    "persons_how": Text(
        "マイナンバーカードなどの本人確認サービスで本人確認を行い、登録します。パスワードは不要です。",
        "Confirm your identity with an identity provider, such as that of the My Number Card. No password is needed.",
    ),
    "at_once": Text("登録はすぐに完了します。", "Registration is immediate."),
    "examined": Text(
        "書類を確認し、審査の結果をメールでお知らせします。",
        "We check your documents and send you the result by email.",
    ),
}
