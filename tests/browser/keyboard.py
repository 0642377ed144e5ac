"""A visitor at a keyboard: Tab, arrows, Space, Enter and letters, and what has to hold wherever the focus stops."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import FilePayload

from tests.browser.looking import Tab

SAVE = "#topic .actions button[value=save]"
# The element that has the focus, and what is wrong with it: it is not seen, has no ring, or comes before the last one.
_STOP = """(selector) => {
  const one = document.activeElement, box = one.getBoundingClientRect(), ringed = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const wrong = [], last = window.atLast, ended = one === document.body;
  window.atLast = ended ? null : one;
  if (ended) return { end: true, wrong: [] };
  if (!box.width || !box.height || box.bottom <= 0 || box.top >= innerHeight) wrong.push("is not seen");
  // A card that is a link as a whole has the ring itself.
  if (![one, one.closest("li")].some((each) => each && ringed(each))) wrong.push("has no ring");
  const follows = last && last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (last && last !== one && last.isConnected && !follows) wrong.push("comes before the last one");
  return { end: false, there: one.matches(selector), name: one.name || "", value: one.value || "", type: one.type || "",
    what: one.id || one.textContent.trim().slice(0, 40), wrong };
}"""
_VALUE = "() => document.activeElement.value"
# More stops than any page has, and more options than any list.
_MOST = 400


@dataclass
class Keyboard:
    """The keyboard of a tab. Stops at which the focus was wrong are reported to the tab."""

    tab: Tab

    async def to(self, selector: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(_MOST):
            stop = await self._next(selector)
            if stop["end"]:
                continue
            if stop["there"]:
                return
        raise AssertionError(f"the keyboard does not reach {selector} on {self.tab.page.url}")

    async def press(self, selector: str) -> None:
        """Follow a link or press a button with Enter, and wait for the page it leads to."""
        await self.to(selector)
        await self.enter()

    async def skip(self) -> None:
        """Go to the content of the page by its first link, past what all pages have."""
        await self.follow(".skip")

    async def follow(self, selector: str) -> None:
        """Follow a link to another place of the page."""
        await self.to(selector)
        await self.tab.page.keyboard.press("Enter")

    async def tick(self, selector: str) -> None:
        """Tick a box, or choose the option of a question."""
        await self.to(selector)
        await self.tab.page.keyboard.press("Space")

    async def choose(self, name: str, value: str) -> None:
        """Choose an option of a group: Tab leads to the group, arrows go through it."""
        await self.to(f"input[type=radio][name='{name}']")
        await self._arrow_to(value)
        await self.tab.page.keyboard.press("Space")

    async def choose_from(self, selector: str, option: str) -> None:
        """Choose an option of a list with the arrows."""
        await self.to(selector)
        await self._arrow_to(option)

    async def attach(self, selector: str, name: str, content: bytes, media_type: str = "application/pdf") -> None:
        """Open the chooser of a file field, choose a file, and press the button after it."""
        # Expected before the way there: the browser has to know of it when Enter is pressed.
        async with self.tab.page.expect_file_chooser() as chooser:
            await self.to(selector)
            await self.tab.page.keyboard.press("Enter")
        await (await chooser.value).set_files(FilePayload(name=name, mimeType=media_type, buffer=content))
        await self.to(f"form:has({selector}) button")
        await self.tab.page.keyboard.press("Enter")

    async def fill(self, typed: Mapping[str, str]) -> None:
        """Go through a topic of a form from its first field to its button, and save it."""
        left, topic = dict(typed), self.tab.page.url
        for _ in range(_MOST):
            stop = await self._next(SAVE)
            if stop["end"]:
                continue
            if stop["there"]:
                await self.enter()
                assert self.tab.page.url != topic, await self.tab.page.inner_text("main")
                return
            if stop["value"].startswith("row:") and self._needs_row(stop["value"], left):
                await self.enter()
                topic = self.tab.page.url
            elif stop["name"] in left and stop["type"] not in ("submit", "hidden"):
                await self._type(stop["type"], left.pop(stop["name"]))
        raise AssertionError(f"the keyboard does not reach the end of {topic}")

    async def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        await self.to(selector)
        await self._type("text", text)

    async def _type(self, kind: str, text: str) -> None:
        if kind in ("radio", "select-one"):
            await self._arrow_to(text)
            if kind == "radio":
                await self.tab.page.keyboard.press("Space")
            return
        await self.tab.page.keyboard.press("Control+A")
        await self.tab.page.keyboard.insert_text(text)

    async def _arrow_to(self, value: str) -> None:
        for _ in range(_MOST):
            if await self.tab.page.evaluate(_VALUE) == value:
                return
            await self.tab.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {value} on {self.tab.page.url}")

    async def enter(self) -> None:
        """Press Enter on what has the focus, and wait for the page it leads to."""
        async with self.tab.page.expect_navigation():
            await self.tab.page.keyboard.press("Enter")

    async def _next(self, selector: str) -> Any:
        await self.tab.page.keyboard.press("Tab")
        stop = await self.tab.page.evaluate(_STOP, selector)
        self.tab.wrong += [f"{self.tab.page.url}: {stop['what']} {wrong}" for wrong in stop["wrong"]]
        return stop

    @staticmethod
    def _needs_row(value: str, left: Mapping[str, str]) -> bool:
        """Whether an answer is left for another row of the table."""
        table = value.removeprefix("row:").replace(".", "-")
        return any(name.startswith(f"{table}-") and name.split("-")[-2].isdigit() for name in left)
