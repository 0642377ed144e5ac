"""Findings of attacks, public bug reports and first-time use, each with the behaviour that is right.

A test names the findings it proves at the start of its docstring: `[attacks F1, faults 1] ...`.
`python -m tests.cases` writes docs/cases.md from both; a finding without a test fails `make lint`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `later` names the part of the system whose own work it belongs to, where it is not done yet."""

    id: str
    right: str
    later: str = ""


ATTACKS = (
    Finding("attacks F1", "A request with very many or very long headers is refused before it costs anything"),
    Finding("attacks F2", "Slow requests use up neither the gateway nor the connections to a service"),
    Finding("attacks F3", "An event that its owner did not write has no effect"),
    Finding("attacks F4", "No port of the object store answers without a key"),
    Finding("attacks F5", "Files made to be costly delay nobody but their sender"),
    Finding("attacks F6", "Case, form and files follow one rule of access; a draft is its owner's alone"),
    Finding("attacks F7", "Public pages are cheap, and operators' pages are not public"),
    Finding("attacks F10", "Each role and purpose has a secret of its own"),
    Finding(
        "attacks F11", "The examiner sees other open applications of the same person, and the second decision waits"
    ),
    Finding(
        "attacks F12", "A session or client sees what its organisation and role own, nothing of the account's others"
    ),
    Finding("attacks F13", "Bytes and texts that are no text are never answered with a 5xx"),
    Finding("attacks F18", "A change is accepted from the configured origins alone"),
    Finding("attacks F19", "Signing in over a session ends that session"),
    Finding("attacks F20", "An anonymous registration's answer names nobody, and its mails are few"),
    Finding("attacks F21", "Reset mails asked for by strangers do not use up the owner's own"),
    Finding("attacks F22", "Redirect addresses are host names by their grammar"),
    Finding("attacks F23", "The database's log holds no row contents"),
    Finding("attacks F24", "Images are pinned by digest"),
    Finding(
        "attacks F25", "The documents say what proof a change of password, app or address needs, and the code asks it"
    ),
    Finding("attacks F26", "Beginning a draft does the same work, however many mails an address has had"),
    Finding("attacks P1", "What is pressed twice on a page of an application is done once, and said to be done"),
    Finding("attacks P2", "An answer to a request for documents in one tab takes nothing from another"),
    Finding("attacks P3", "Files that answer a request for documents are no part of a correction"),
    Finding("attacks P4", "No odd value at a page of an application ends in a failure of ours"),
    Finding("attacks P5", "Every page of the portal looks to everybody else as if there were no such application"),
)

FAULTS = (
    Finding("faults 1", "A byte above 0x7F in a header is passed on or dropped"),
    Finding("faults 2", "Line breaks of every kind are kept as LF and count as one character"),
    Finding("faults 3", "A stored photo has no metadata"),
    Finding("faults 4", "Half a surrogate pair is refused with the field's pointer"),
    Finding("faults 5", "Impossible years are refused with the reason"),
    Finding("faults 6", "A draft whose key has ended loses nothing that was typed"),
    Finding("faults 7", "A PDF with bytes after its end marker is accepted"),
    Finding("faults 8", "An address that cannot be mailed is refused before filing"),
    Finding("faults 9", "A PDF that lacks pages is refused"),
    Finding("faults 10", "A PDF portfolio is refused with advice"),
    Finding("faults 11", "Invisible characters are dropped in codes, numbers and names"),
    Finding("faults 12", "Text whose direction is changed by invisible characters is not kept"),
    Finding("faults 13", "Names with apostrophes and any kind of hyphen are accepted"),
    Finding("faults 14", "A sign that cards leave out is named in the answer"),
    Finding("faults 15", "Names are transliterated as ICAO 9303 has it, with a hint to compare"),
    Finding("faults 16", "Unknown parts of a date of birth are read as cards print them"),
    Finding("faults 17", "Dates are read with every kind of hyphen and with spaces"),
    Finding("faults 18", "Dates in Japanese eras are read"),
    Finding("faults 19", "A spreadsheet's serial number is no date"),
    Finding("faults 20", "Dates that cannot be true are refused"),
    Finding("faults 21", "The limit of a file is given in MB"),
    Finding("faults 22", "A JPEG without its end marker is accepted"),
    Finding("faults 23", "AVIF is named as what it is"),
    Finding("faults 24", "A PDF that forbids copying is answered with a way out"),
    Finding("faults 25", "A PDF behind lines of a web server is answered with advice"),
    Finding("faults 26", "The answer to an address with dots in a row says so"),
    Finding("faults 27", "Addresses in full width are read alike everywhere"),
    Finding("faults 28", "Invoice and register numbers given as corporate number are read or explained"),
    Finding("faults 29", "A character of one's own computer is refused with that reason"),
    Finding("faults 30", "Additions to a telephone number are named in the answer"),
    Finding("faults 31", "Amounts and counts are read with signs, units and in full width"),
    Finding("faults 32", "A prefecture that contradicts the address is asked about"),
    Finding("faults 33", "Command lines answer a missing database in one line"),
    Finding("faults 34", "A photo with several pictures is as quick as one"),
    Finding("faults 35", "Every mail goes out once, soon after the database is back"),
    Finding("faults 36", "A part that ends is noticed, started again and makes readiness fail meanwhile"),
)

NEWCOMERS = (
    Finding("newcomers S1-1", "Pages, mails and README promise only what is there"),
    Finding("newcomers S1-2", "A second stack on the same data changes nothing of the first"),
    Finding("newcomers S1-3", "A conflict shows both versions and loses neither"),
    Finding("newcomers S1-4", "An account without a password can change its address"),
    Finding("newcomers S1-5", "An account without a password can confirm its identity"),
    Finding("newcomers S1-6", "Terms and pledge can be read, and the accepted version is kept"),
    Finding("newcomers S1-7", "A value that cannot be read does not keep the rest from being saved"),
    Finding("newcomers S1-8", "The page of recovery codes survives a reload"),
    Finding("newcomers S2-9", "Hidden fields are hidden"),
    Finding("newcomers S2-10", "Uploading without a file says so"),
    Finding("newcomers S2-11", "Uploaded files have name, size, date and a link"),
    Finding("newcomers S2-12", "No PDF is asked for of what was just typed"),
    Finding("newcomers S2-13", "Everything is shown once more before it is submitted, and a copy afterwards"),
    Finding("newcomers S2-14", "All errors come in one round"),
    Finding("newcomers S2-15", "The chosen user class survives the identity provider"),
    Finding("newcomers S2-16", "The page after a person's registration survives a reload"),
    Finding("newcomers S2-17", "Every page shows who is signed in, with a menu"),
    Finding("newcomers S2-18", "The error summary has the focus"),
    Finding("newcomers S2-19", "The error summary follows the order of the form"),
    Finding("newcomers S2-20", "Required fields are marked"),
    Finding("newcomers S2-21", "Switching the language keeps what was typed"),
    Finding("newcomers S2-22", "The page after a mail names address, validity and sender"),
    Finding("newcomers S2-23", "An officer's account names the office and the next step"),
    Finding("newcomers S2-24", "Nothing is offered that is refused"),
    Finding("newcomers S2-25", "Each file field has its own name for a screen reader"),
    Finding("newcomers S2-26", "Text in another language is marked, and codes are written out"),
    Finding("newcomers S2-27", "Buttons can be seen in forced colours"),
    Finding("newcomers S2-28", "The page of the interface is cheap and readable on a phone"),
    Finding("newcomers S2-29", "A relative's form begins empty, marks what is optional and keeps its input"),
    Finding("newcomers S2-30", "A page has the hints that belong to it alone"),
    Finding("newcomers S2-31", "A used link says so when it is opened"),
    Finding("newcomers S2-32", "A new password can be shown while it is typed"),
    Finding(
        "newcomers S2-33", "An approval officer sees the registrations of the own office, by the same rule as cases"
    ),
    Finding("newcomers S3", "Small things: icon, robots, caching, compression, print, touch targets"),
    Finding("newcomers mails", "Mails name the recipient, what happened and what is next, in an office's words"),
    Finding("newcomers wording", "Pages use the field's words"),
    Finding("newcomers readme", "README and command lines lead a new user to the first result"),
)

ALL = (*ATTACKS, *FAULTS, *NEWCOMERS)
