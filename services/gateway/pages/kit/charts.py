"""Charts drawn on the server as SVG. The numbers stand in a table beside them; a chart has its words as one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_WIDTH, _HEIGHT = 720, 240
_FOOT, _TOP = 36, 12


@dataclass(frozen=True, slots=True)
class Pair:
    """Two numbers side by side, and the short name beneath them."""

    name: str
    first: int
    second: int


def pairs_chart(label: str, pairs: Sequence[Pair]) -> Markup:
    """Bars in pairs, the second one paler; `label` is read out in place of the picture."""
    most = max((max(pair.first, pair.second) for pair in pairs), default=0) or 1
    step = _WIDTH / max(len(pairs), 1)
    width = step * 0.36
    drawn = []
    for index, pair in enumerate(pairs):
        left = index * step + step * 0.12
        for place, (value, strength) in enumerate(((pair.first, "1"), (pair.second, "0.45"))):
            height = (_HEIGHT - _FOOT - _TOP) * value / most
            x, y = left + place * (width + 2), _HEIGHT - _FOOT - height
            drawn.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="currentColor"'
                f' fill-opacity="{strength}"/>'
            )
        drawn.append(
            f'<text x="{left + width:.1f}" y="{_HEIGHT - 10}" text-anchor="middle" font-size="20"'
            f' fill="currentColor">{escape(pair.name)}</text>'
        )
    base = f'<line x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _FOOT}" y2="{_HEIGHT - _FOOT}" stroke="currentColor"/>'
    return _picture(label, f"0 0 {_WIDTH} {_HEIGHT}", "chart", "".join(drawn) + base)


def bar(value: float, most: float) -> Markup:
    """A bar for one cell of a table, whose number stands beside it: it is not read out."""
    share = 100 * value / most if most > 0 else 0
    rect = f'<rect width="{share:.1f}" height="8" fill="currentColor"/>'
    # The drawing is made of numbers alone.
    return Markup(  # noqa: S704
        f'<svg class="bar-of-chart" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{rect}</svg>'
    )


def _picture(label: str, box: str, kind: str, content: str) -> Markup:
    # Words are escaped above, everything else is numbers.
    return Markup(  # noqa: S704
        f'<svg class="{kind}" viewBox="{box}" role="img" aria-label="{escape(label)}">{content}</svg>'
    )
