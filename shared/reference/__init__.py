"""The rules of the field as data with effective dates: what holds on this day? See docs/reference-data.md.

`rules_on(day)` answers everything that depends on a day; the rest are pure functions and lists.
"""

from shared.reference.codes import Category, Channel, Procedure
from shared.reference.dated import Dated, NotInRules, Table
from shared.reference.lists import CodeList, code_list
from shared.reference.periods import Period, add_months, stay_days
from shared.reference.receipt_numbers import ReceiptNumber, parse_receipt_number, receipt_number
from shared.reference.rules import Rules, rules_on

__all__ = [
    "Category",
    "Channel",
    "CodeList",
    "Dated",
    "NotInRules",
    "Period",
    "Procedure",
    "ReceiptNumber",
    "Rules",
    "Table",
    "add_months",
    "code_list",
    "parse_receipt_number",
    "receipt_number",
    "rules_on",
    "stay_days",
]
