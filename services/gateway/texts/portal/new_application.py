"""A new application: questions that find its form, and the list of forms."""

from shared.errors import Text

TEXTS = {
    "title": Text("新しい申請", "New application"),
    "lead": Text(
        "必要な手続は、いくつかの質問に答えると分かります。入力した内容は下書きとして保存され、いつでも続きから入力できます。",
        "A few questions find the procedure that you need. What you enter is kept as a draft; stop at any time.",
    ),
    "by_questions": Text("質問に答えて探す", "Find it by questions"),
    "by_questions_line": Text(
        "手続の名前が分からないときは、こちらから始めてください。",
        "Begin here if you do not know what the procedure is called.",
    ),
    "by_list": Text("様式の一覧から選ぶ", "Choose from the list of forms"),
    "by_list_line": Text("手続と在留資格が分かっているとき", "If you know the procedure and the status of residence"),
    "by_copy": Text("以前の申請から始める", "Begin from an earlier application"),
    "by_copy_line": Text(
        "同じ人の申請をもう一度するときは、変わらない内容を引き継ぐことができます。",
        "For the same person again: what cannot have changed is taken over.",
    ),
    "earlier_title": Text("以前の申請から始める", "Begin from an earlier application"),
    "earlier_lead": Text(
        "氏名などの変わらない内容が新しい下書きに引き継がれます。在留期限や理由など、今回確認が必要な内容は空欄になります。",
        "Name and other lasting answers are taken over into a new draft. What has to be asked each time stays empty.",
    ),
    "earlier_none": Text("該当する申請はありません。", "There is no such application."),
    "search": Text("氏名又は申請受付番号", "Name or receipt number"),
    "no_name": Text("（氏名未入力）", "(no name yet)"),
    "make_copy": Text("この申請から下書きを作成する", "Start a draft from this"),
    "need_answer": Text("当てはまるものを選択してください", "Choose what applies"),
    "next": Text("次へ", "Continue"),
    "back": Text("前の質問へ戻る", "Back to the question before"),
    "back_to_start": Text("申請の始め方へ戻る", "Back to how to begin"),
    "given": Text("これまでの回答", "Your answers so far"),
    "change": Text("変更する", "Change"),
    "result_title": Text("必要な手続が分かりました", "This is the procedure that you need"),
    "result_why": Text("理由", "Why"),
    "procedure": Text("手続", "Procedure"),
    "status": Text("在留資格", "Status of residence"),
    "start": Text("下書きを作成する", "Start the draft"),
    "start_again": Text("質問を最初からやり直す", "Answer the questions again"),
    "stop_title": Text("オンラインでは申請できません", "This cannot be filed online"),
    "forms_title": Text("申請できる様式", "Forms that can be filed"),
    "forms_lead": Text(
        "手続を選び、在留資格を選択してください。更新では現在の在留資格、変更・取得・認定では希望する在留資格です。",
        "Choose the status of residence under its procedure: for an extension the present one, for all others the "
        "one that is applied for.",
    ),
    "forms_none": Text("現在、オンラインで申請できる様式はありません。", "No form can be filed online at present."),
    "choose_status": Text("在留資格を選択してください", "Choose the status of residence"),
}
