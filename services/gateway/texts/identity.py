"""What the pages around the identity provider say, and those on which persons register."""

from shared.errors import Text

TEXTS = {
    "identity_refused_title": Text("本人確認ができませんでした", "Your identity was not confirmed"),
    "identity_refused_words": Text(
        "本人確認ができませんでした。最初からやり直してください。",
        "Your identity was not confirmed. Please begin again.",
    ),
    "identity_again": Text("もう一度本人確認を行う", "Prove again who you are"),
    "identity_home": Text("最初のページへ", "To the first page"),
    "register_title": Text("利用者登録", "Registration of persons"),
    "register_lead": Text(
        "マイナンバーカードなどの本人確認サービスで本人確認を行うと、利用者登録ができます。"
        "カードリーダーや専用ソフトは不要で、どのブラウザでもご利用いただけます。",
        "Prove who you are with an identity provider, such as that of the My Number card, and register. "
        "No card reader and no software are needed; any browser will do.",
    ),
    "register_begin": Text("本人確認サービスへ進む", "Go to the identity provider"),
    "register_over": Text(
        "本人確認の有効時間（30分）が過ぎました。もう一度本人確認を行ってください。",
        "The 30 minutes since you proved who you are are over. Please prove it again.",
    ),
    "register_person": Text("本人確認サービスで確認された方", "Confirmed by the identity provider"),
    "register_name": Text("氏名", "Name"),
    "register_born": Text("生年月日", "Date of birth"),
    "register_last": Text("前回の登録", "Your last registration"),
    "register_receipt": Text("受付番号", "Receipt number"),
    "register_status_submitted": Text("審査中", "being examined"),
    "register_status_returned": Text(
        "差戻し（内容を直して、もう一度提出してください）", "returned (mend it and hand it in again)"
    ),
    "register_status_approved": Text("承認済み", "approved"),
    "register_status_rejected": Text("不承認", "rejected"),
    "register_class": Text("利用者区分を選んでください", "Choose your user class"),
    "register_acts_for": Text("申請できる方", "Files for"),
    "register_again": Text("区分を選び直す", "Choose another class"),
    "register_problem": Text("登録できませんでした", "The registration was not taken"),
    "register_submit": Text("登録する", "Register"),
    "register_email": Text("メールアドレス", "Mail address"),
    "register_email_help": Text(
        "確認のためのリンクをお送りします。", "We send a link to it, to make sure that it is yours."
    ),
    "register_phone": Text("電話番号", "Telephone number in Japan"),
    "register_prefecture": Text("お住まい又は事務所の都道府県", "Prefecture where you live or have your office"),
    "register_language": Text("お知らせの言語", "Language of our mails"),
    "register_kind": Text("資格", "Profession"),
    "register_kind_lawyer": Text("弁護士", "Lawyer"),
    "register_kind_administrative_scrivener": Text("行政書士", "Administrative scrivener"),
    "register_registration_number": Text("登録番号", "Registration number"),
    "register_certificate_number": Text("届出済証明書の番号", "Number of the certificate of notification"),
    "register_certificate_valid_until": Text("届出済証明書の有効期限", "Last day of the certificate"),
    "register_office_name": Text("事務所の名称", "Name of your office"),
    "register_office_address": Text("事務所の所在地", "Address of your office"),
    "register_office_postal_code": Text("事務所の郵便番号", "Postal code of your office"),
    "register_relation": Text("対象者との関係", "What you are to them"),
    "register_relation_parent": Text("親権者", "Parent with custody"),
    "register_relation_guardian_of_minor": Text("未成年後見人", "Guardian of a minor"),
    "register_relation_guardian_of_adult": Text("成年後見人", "Guardian of an adult"),
    "register_relation_spouse": Text("配偶者", "Spouse"),
    "register_relation_child": Text("子", "Child"),
    "register_relation_father": Text("父", "Father"),
    "register_relation_mother": Text("母", "Mother"),
    "register_people": Text("対象者", "For whom you file"),
    "register_people_name": Text("対象者の氏名", "Their name"),
    "register_people_born": Text("対象者の生年月日", "Their date of birth"),
    "register_documents": Text("提出する書類", "Documents that you hand in"),
    "register_documents_lead": Text(
        "PDFファイルを送ってから、登録の入力に進んでください。書面で提出する場合は、そのまま進んでください。",
        "Send each as a PDF, then go on to the form. For what you hand in on paper, just go on.",
    ),
    "register_to_form": Text("登録の入力へ進む", "Go on to the form"),
    "register_to_documents": Text(
        "PDFファイルを送る（先に送ってください。入力した内容は保存されません）",
        "Send PDF files (do it first: what you have typed here is not kept)",
    ),
    "register_unable": Text("（対象者が16歳以上の場合）", "(if they are 16 or older)"),
    "register_terms": Text("利用規約に同意します", "I accept the terms of use"),
    "register_done_title": Text("登録を受け付けました", "Your registration was received"),
    "register_done_approved": Text("登録が完了しました。", "You are registered."),
    "register_done_confirm": Text(
        "メールのリンクを開いてメールアドレスを確認すると、ご利用いただけます。",
        "Open the link in our mail to confirm your address. Then you can begin.",
    ),
    "register_done_submitted": Text("審査の結果はメールでお知らせします。", "You will get the result by mail."),
    "confirm_title": Text("メールアドレスの確認", "Confirm your mail address"),
    "confirm_lead": Text(
        "メールアドレスを確認すると、本人確認サービスでサインインできるようになります。",
        "Once your address is confirmed, you can sign in with the identity provider.",
    ),
    "confirm_submit": Text("確認する", "Confirm"),
    "confirm_password": Text("パスワードも設定する", "Set a password as well"),
    "confirm_done": Text("メールアドレスを確認しました。", "Your mail address is confirmed."),
    "confirm_login_id": Text("認証ID", "Login ID"),
    "confirm_sign_in": Text("本人確認サービスでサインインする", "Sign in with the identity provider"),
    "confirm_problem": Text("確認できませんでした", "It could not be confirmed"),
}
