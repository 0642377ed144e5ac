"""Answers of a draft by dotted code: what a merge patch names, which of them the form asks, which are kept aside.

Nothing is discarded where the form changes: an answer that the present form does not ask is kept aside, and joins the
form again when it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.application.forms.field import Condition, Form, Values, When, pointer_of
from services.application.forms.form import FormVersion, put_value, read_form
from shared.errors import FieldProblem

Answers = Mapping[str, Any]
_ANSWERS = (str, int, list)


@dataclass(frozen=True, slots=True)
class Divided:
    """Answers that the form asks, and those kept aside; both by dotted code."""

    asked: Answers
    aside: Answers

    @property
    def all(self) -> Answers:
        """Every answer that there is."""
        return {**self.aside, **self.asked}


def flat(values: Values, prefix: str = "") -> dict[str, Any]:
    """Nested values of a form by dotted code; a table is one answer."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        # Most are answers, and asking that is quicker than asking for a group.
        if isinstance(value, _ANSWERS) or not isinstance(value, Mapping):
            found[prefix + name] = value
        else:
            found |= flat(value, f"{prefix}{name}.")
    return found


def nested(answers: Answers) -> dict[str, Any]:
    """Answers as a form has them: groups inside of each other."""
    values: dict[str, Any] = {}
    for code, answer in answers.items():
        put_value(values, code, answer)
    return values


def read_patch(
    version: FormVersion, status: str, patch: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The answers that a merge patch (RFC 7396) of the form names, in normal form, and the problems of unreadable ones.

    None takes an answer out; so does an empty text, as for a whole form.
    """
    values, problems = read_form(version, patch, status)
    read = flat(values)
    named = (item.code for item in version.items_for(status) if is_named(patch, item.code))
    return {code: read.get(code) for code in named}, problems


def answer_at(values: Mapping[str, Any], code: str) -> Any:
    """The value at a dotted code; None where there is none."""
    node: Any = values
    for part in code.split("."):
        if not isinstance(node, Mapping):
            return None
        node = node.get(part)
    return node


def is_named(patch: Mapping[str, Any], code: str) -> bool:
    """Whether a merge patch names the value at a dotted code; null for a group names everything in it."""
    node: Any = patch
    for part in code.split("."):
        if node is None:
            return True
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True


def patched(answers: Answers, changed: Answers) -> dict[str, Any]:
    """`answers` with those of a patch; None takes one out."""
    return {code: answer for code, answer in {**answers, **changed}.items() if answer is not None}


def divide(version: FormVersion, status: str, known: Answers, others: Answers) -> Divided:
    """Every answer, divided into those that `version` asks for `status`, and the rest.

    `known` are in its normal form; `others` were given to another form or kept aside, and join where they can be read.
    """
    codes = version.codes_for(status)
    offered = {code: answer for code, answer in others.items() if code in codes and code not in known}
    values, problems = read_form(version, nested(offered), status) if offered else ({}, [])
    joined = flat(values)
    for code in offered:
        pointer = pointer_of(code)
        # A table of which one cell cannot be read stays aside as a whole: half of a row would be lost.
        if any(found.pointer == pointer or found.pointer.startswith(f"{pointer}/") for found in problems):
            joined.pop(code, None)
    asked = {code: answer for code, answer in {**joined, **known}.items() if code in codes}
    hidden = hidden_codes(version, status, asked)
    asked = {code: answer for code, answer in asked.items() if code not in hidden}
    return Divided(asked, {code: answer for code, answer in {**others, **known}.items() if code not in asked})


def hidden_codes(version: FormVersion, status: str, asked: Answers) -> frozenset[str]:
    """Codes of items that are not asked because another answer says otherwise, or because that one is not asked itself.

    An answer that is not given yet hides nothing.
    """
    form = Form(nested(asked))
    hidden: set[str] = set()
    left = version.conditional_for(status)
    while True:
        denied = [_is_hidden(when, form, hidden) for when, _ in left]
        if not any(denied):
            break
        hidden.update(*(codes for (_, codes), is_hidden in zip(left, denied, strict=True) if is_hidden))
        left = tuple(each for each, is_hidden in zip(left, denied, strict=True) if not is_hidden)
    return frozenset(hidden)


def _is_hidden(when: When, form: Form, hidden: set[str]) -> bool:
    """Whether each group of conditions has one that is denied."""
    # Asked of each item of each form: loops are quicker than generators.
    for group in when:
        for condition in group:
            if _is_denied(condition, form, hidden):
                break
        else:
            return False
    return True


def _is_denied(condition: Condition, form: Form, hidden: set[str]) -> bool:
    # Whether another answer is empty says when an item is required: it can be answered beside it.
    if not condition.field or condition.empty is not None:
        return False
    if condition.field in hidden:
        return bool(condition.one_of)
    answer = form[condition.field]
    if answer is None:
        return False
    return answer not in condition.one_of if condition.one_of else answer in condition.none_of
