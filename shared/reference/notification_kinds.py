"""Of what people are told, by whom it is caused, and who is told."""

from dataclasses import dataclass
from typing import Literal

from shared.errors import Text
from shared.reference.dated import Dated, Table

Audience = Literal["filer", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationKind(Dated):
    """One kind of message. `both` is the filer and the applicant's own address; `days_before` are its reminder days."""

    code: str
    name: Text
    audience: Audience
    days_before: tuple[int, ...] = ()


def _kind(code: str, ja: str, en: str, audience: Audience = "filer", days: tuple[int, ...] = ()) -> NotificationKind:
    return NotificationKind(
        code=code, name=Text(ja, en), audience=audience, days_before=days, source="Project list of notifications"
    )


NOTIFICATION_KINDS = Table(
    "notification_kinds",
    lambda row: row.code,
    [
        _kind("registration_received", "利用申出の受付", "Usage registration received"),
        _kind("registration_returned", "利用申出の補正依頼", "Usage registration returned"),
        _kind("registration_approved", "利用申出の承認", "Usage registration approved"),
        _kind("registration_rejected", "利用申出の不承認", "Usage registration refused"),
        _kind("registration_expiring", "利用期限のお知らせ", "Usage registration ends soon", days=(60, 30)),
        _kind("registration_expired", "利用期限の終了", "Usage registration ended"),
        _kind("password_expiring", "パスワード期限のお知らせ", "Password ends soon", days=(30, 7)),
        _kind("password_reset", "パスワードの再設定", "Password reset"),
        _kind("email_changed", "メールアドレスの変更", "Email address changed"),
        _kind("application_received", "申請受付完了", "Application received", "both"),
        _kind("application_corrected", "申請内容の補正", "Application corrected", "both"),
        _kind("application_withdrawn", "申請の取下げ", "Application withdrawn", "both"),
        _kind("documents_requested", "追加資料の提出依頼", "Documents requested", "both"),
        _kind("documents_due_soon", "追加資料の提出期限", "Documents due soon", "both", (3,)),
        _kind("documents_received", "追加資料の受付", "Documents received"),
        _kind("interview_requested", "事情聴取の案内", "Interview", "both"),
        _kind("review_completed", "審査完了", "Examination complete", "both"),
        _kind("fee_paid", "手数料の受領", "Fee received"),
        _kind("card_materials_received", "旧カード等の受領", "Old card received"),
        _kind("card_mailed", "在留カードの発送", "Card in the mail", "both"),
        _kind("coe_issued", "在留資格認定証明書の交付", "Certificate of Eligibility issued", "both"),
        _kind("coe_received", "受領登録の完了", "Certificate received"),
        _kind("counter_visit", "窓口での受領の案内", "Collect at the counter", "both"),
        _kind("application_terminated", "申請の終止", "Case ended"),
        _kind("bulk_import_finished", "一括申請の完了", "Bulk import finished"),
    ],
)
