"""Pictures that become one document: their verdicts together, the names of their pages, findings of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.document.checks.verdict import Finding, Verdict


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on pictures that are to be one document: what was found in them, by the pages of all. Refused where
    one of them cannot be used, or is no picture."""
    findings: list[Finding] = []
    pages = 0
    for verdict in verdicts:
        if verdict.kept and not verdict.made_of_pictures:
            return Verdict.refused("pictures-alone", pages + 1)
        findings += (replace(each, page=pages + (each.page or 1)) for each in verdict.findings)
        pages += verdict.pages or 0
    return Verdict(tuple(findings), pages=pages)


def named_pages(names: Sequence[str], pages: Sequence[int]) -> tuple[str, ...]:
    """Names of the pages: that of the picture, with a number where it has several."""
    return tuple(
        name if number == 1 else f"{name} ({page})"
        for name, number in zip(names, pages, strict=True)
        for page in range(1, number + 1)
    )


def moved(known: Sequence[Sequence[Finding]], pages: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """The findings of the pages that are put together, at their new places."""
    for at, (file, page) in enumerate(pages, 1):
        for finding in known[file]:
            if finding.page == page:
                yield replace(finding, page=at)
