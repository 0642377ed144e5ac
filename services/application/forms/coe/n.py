"""Certificate of eligibility, section N (区分N): 技術・人文知識・国際業務."""

from services.application.forms.sections import section_form

COE_N = section_form("COE", "N")
