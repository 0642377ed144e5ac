"""Fields about organisations, in the usage registration and the periodic report."""

from shared.errors import Text

TEXTS = {
    "organisation_category": Text("カテゴリー", "Category"),
    "category_name": Text("カテゴリー{number}", "Category {number}"),
    "pledged_organisations": Text("誓約書に記載する機関", "Organisations that the pledge covers"),
    "pledged_hint": Text(
        "申請等の取次ぎを依頼している機関をすべて記載してください。空欄の行は保存されません。",
        "Enter every organisation that commissions you. Empty rows are not saved.",
    ),
    "row_number": Text("{number}番目の機関の法人番号", "Corporate number of organisation {number}"),
    "row_name": Text("{number}番目の機関の名称", "Name of organisation {number}"),
    "pledge_accepted": Text("誓約書の内容を遵守することを誓約します", "I make the pledge"),
    "read_pledge": Text("誓約書を読む（別のタブで開きます）", "Read the pledge (opens in a new tab)"),
    "need_role": Text("利用者区分を選択してください", "Choose your user class"),
    "need_organisation_corporate_number": Text("法人番号を入力してください", "Enter the corporate number"),
    "need_organisation_name": Text("機関の名称を入力してください", "Enter the name of the organisation"),
    "need_organisation_postal_code": Text("郵便番号を入力してください", "Enter the postal code"),
    "need_organisation_prefecture": Text("都道府県を選択してください", "Choose a prefecture"),
    "need_organisation_address": Text("所在地を入力してください", "Enter the address"),
    "need_organisation_capital_yen": Text(
        "資本金を数字で入力してください（ない場合は「0」）", "Enter the capital as a number (0 if there is none)"
    ),
    "need_organisation_employees": Text("従業員数を数字で入力してください", "Enter the number of employees"),
    "need_organisation_category": Text("カテゴリーを選択してください", "Choose a category"),
    "need_applicant_name": Text("氏名を入力してください", "Enter your name"),
    "need_applicant_phone": Text("電話番号を入力してください", "Enter your telephone number"),
    "need_pledged_organisations_corporate_number": Text("法人番号を入力してください", "Enter the corporate number"),
    "need_pledged_organisations_name": Text("機関の名称を入力してください", "Enter the name of the organisation"),
    "need_pledge_accepted": Text("誓約書の内容を確認し、チェックを入れてください", "Read the pledge and tick the box"),
    "need_terms_accepted": Text(
        "利用規約の内容を確認し、チェックを入れてください", "Read the terms of use and tick the box"
    ),
}
