"""Charts drawn on the server as SVG: they print, need no script, and say their numbers to whoever cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from journal import dates

#: Size of the drawing in its own units, and the room around the plot.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 240, 56, 16, 12, 28
#: Lines across.
STEPS = 4


@dataclass(frozen=True)
class Line:
    """One line of a chart: a value for each month, None after the last one that is known."""

    label: str
    values: Sequence[int | None]
    #: Tells lines apart without colour: the first is drawn through, the second is broken.
    broken: bool = False


def lines(title: str, months: Sequence[str], drawn: Sequence[Line]) -> SafeString:
    """Lines over the months of a year, from zero, with their numbers as titles of the points."""
    most = max((value for line in drawn for value in line.values if value is not None), default=0)
    top = rounded(most)
    return format_html(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">{}{}{}</svg>',
        title,
        WIDTH,
        HEIGHT,
        format_html_join("", GRID, ((LEFT, WIDTH - RIGHT, y(n, top), y(n, top) + 4, label(n)) for n in grid(top))),
        format_html_join("", MONTH, ((x(i, len(months)), HEIGHT - 8, name) for i, name in enumerate(months))),
        format_html_join("", "{}", ((drawn_line(line, months, top),) for line in drawn)),
    )


GRID = (
    '<line class="chart-grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"></line>'
    '<text class="chart-number" x="50" y="{3}">{4}</text>'
)
MONTH = '<text class="chart-month" x="{}" y="{}">{}</text>'


def drawn_line(line: Line, months: Sequence[str], top: int) -> SafeString:
    known = [(x(i, len(months)), y(value, top), i, value) for i, value in enumerate(line.values) if value is not None]
    points = " ".join(f"{across},{down}" for across, down, _i, _value in known)
    css = "chart-line chart-line-broken" if line.broken else "chart-line"
    dots = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="3"><title>{}, {}: {}</title></circle>',
        (
            (f"chart-dot{' chart-dot-open' if line.broken else ''}", a, d, line.label, months[i], dates.number(value))
            for a, d, i, value in known
        ),
    )
    return format_html('<polyline class="{}" points="{}"></polyline>{}', css, points, dots)


def x(place: int, count: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, count - 1), 1)


def y(value: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)


def grid(top: int) -> list[int]:
    return [top * step // STEPS for step in range(STEPS + 1)]


def label(number: int) -> str:
    return dates.number(number)


def rounded(most: int) -> int:
    """The end of the scale: a number that divides by the steps and reads easily."""
    size = STEPS
    while size < most:
        # 4, 8, 20, 40, 80, 200 …
        size = size * 5 // 2 if f"{size}".startswith("8") else size * 2
    return size
