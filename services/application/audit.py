"""Audit tags of the application service."""

from shared.journal.tags import AuditTag


class Tag(AuditTag):
    """Every audit tag of the application service."""

    BEGIN = "application:begin"
    EDIT_FORM = "application:edit_form"
    TAKE_OVER = "application:take_over"
    EDIT_DOCUMENTS = "application:edit_documents"
    SUBMIT = "application:submit"
    SUBMIT_DOCUMENTS = "application:submit_documents"
    WITHDRAW = "application:withdraw"
    SEND_CARD_MATERIALS = "application:send_card_materials"
    DECIDED = "application:decided"
    TERMINATED = "application:terminated"
    READ = "application:read"
    REMIND = "application:remind"
    DELETE_DRAFT = "application:delete_draft"
    CORRECT = "application:correct"
    REQUEST_CORRECTION = "application:request_correction"
    CHANGE_CONTACT = "application:change_contact"
    CHANGE_ADDRESS = "application:change_address"
    CORRECTION_DECLINED = "application:correction_declined"
    CORRECTION_LAPSED = "application:correction_lapsed"
    SAVE_ANSWER = "application:save_answer"
    IMPORT = "import:begin"
    CHECK_IMPORT = "import:check"
    SUBMIT_IMPORT = "import:submit"
    FINISH_IMPORT = "import:finish"
    DELETE_IMPORT = "import:delete"
