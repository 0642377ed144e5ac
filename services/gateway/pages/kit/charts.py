"""Charts drawn on the server as SVG. The numbers stand in a table beside them; a chart has its words as one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_WIDTH, _HEIGHT = 720, 240
_FOOT, _TOP = 36, 12
_HEAD = 32  # above a line, for the words of its greatest value


@dataclass(frozen=True, slots=True)
class Pair:
    """Two numbers side by side, and the short name beneath them."""

    name: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at its share of the time shown, from 0 to 1."""

    share: float
    value: float


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


def line_chart(label: str, runs: Sequence[Sequence[Spot]], ends: tuple[str, str], top: str) -> Markup:
    """A line over time, with a gap between two runs; `label` is read out in place of the picture.

    `ends` are the words below the two ends of the time, `top` those beside the greatest value.
    """
    most = max((spot.value for run in runs for spot in run), default=0) or 1
    lines = []
    for run in runs:
        spots = [(_WIDTH * spot.share, _HEIGHT - _FOOT - (_HEIGHT - _FOOT - _HEAD) * spot.value / most) for spot in run]
        # One alone would have no length: a short dash.
        spots += [(x + 4, y) for x, y in spots[:1] if len(spots) == 1]
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        lines.append(f'<polyline points="{places}" fill="none" stroke="currentColor" stroke-width="2"/>')
    base = f'<line x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _FOOT}" y2="{_HEIGHT - _FOOT}" stroke="currentColor"/>'
    words = [(0, _HEIGHT - 10, "start", ends[0]), (_WIDTH, _HEIGHT - 10, "end", ends[1]), (0, 22, "start", top)]
    texts = [
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="20" fill="currentColor">{escape(text)}</text>'
        for x, y, anchor, text in words
    ]
    return _picture(label, f"0 0 {_WIDTH} {_HEIGHT}", "chart", "".join([*lines, base, *texts]))


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
