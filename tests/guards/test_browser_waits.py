"""Tests in a browser wait by means that the pages' own Content-Security-Policy allows.

`Page.wait_for_function` asks again inside the page, by `eval`: where the first answer is no, the policy of our pages
refuses the second question. Such a test passes on a quick machine and fails on a slow one.
"""

import ast

from .sources import calls, python_files


def test_no_browser_test_waits_by_a_text_that_the_page_compiles() -> None:
    waits = [
        f"{path.name}:{call.lineno}"
        for path in python_files("tests/browser")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "wait_for_function"
    ]
    assert not waits, f"wait with a locator, or with locator.evaluate and a promise: {waits}"
