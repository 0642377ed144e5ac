"""Makes templates: `python -m services.application.sheets template PROCEDURE STATUS [ACTIVITY]`, with `--help`."""

import argparse
import sys
from datetime import date

from services.application.sheets.templates import SheetPlan, plan_for, template_csv, template_xlsx
from shared.clock import SystemClock, legal_date
from shared.languages import OFFICIAL


def main() -> None:
    """Write a template to the standard output."""
    parser = argparse.ArgumentParser(prog="python -m services.application.sheets", description=__doc__)
    parser.add_argument("what", choices=["template"])
    parser.add_argument("procedure", help="like EXTEND")
    parser.add_argument("status", help="like ENG_HUM_INT")
    parser.add_argument("activity", nargs="?", help="of a status that has several")
    parser.add_argument("--language", choices=OFFICIAL, default="ja")
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--day", type=date.fromisoformat, default=None, help="of the form; without it today")
    given = parser.parse_args()
    plan = plan_for(given.procedure, given.status, given.day or legal_date(SystemClock().now()), given.activity)
    if plan is None:
        parser.error(f"no form is offered for {given.procedure} {given.status} {given.activity or ''}".rstrip())
    sheet = SheetPlan(plan)
    content = template_csv(sheet, given.language) if given.csv else template_xlsx([sheet], given.language)
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
