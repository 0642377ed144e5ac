"""What can be done with an application: one function each, one transaction each."""

from services.application.commands.drafts import NewDraft, Notify, begin, edit_documents, edit_form
from services.application.commands.filing import submit
from services.application.commands.reading import read_filed
from services.application.commands.requested import submit_documents
from services.application.commands.results import Materials, send_card_materials, withdraw

__all__ = [
    "Materials",
    "NewDraft",
    "Notify",
    "begin",
    "edit_documents",
    "edit_form",
    "read_filed",
    "send_card_materials",
    "submit",
    "submit_documents",
    "withdraw",
]
