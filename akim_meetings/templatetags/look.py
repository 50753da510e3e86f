"""What pages are made of: icons, states, dates and bars. The list for page writers is docs/design.md."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from journal import dates

register = template.Library()

# State of anything -> the kind that colours it and the icon that says it without colour.
STATES = {
    "accepted": ("success", "check2-all"),
    "acknowledged": ("success", "envelope-check"),
    "announced": ("info", "megaphone"),
    "approved": ("success", "check-circle"),
    "blocked": ("danger", "lock"),
    "breach": ("danger", "exclamation-triangle"),
    "cancelled": ("muted", "slash-circle"),
    "closed": ("success", "check2-all"),
    "contested": ("warning", "exclamation-circle"),
    "done": ("success", "check-circle"),
    "doubtful": ("warning", "question-circle"),
    "draft": ("neutral", "pencil"),
    "explained": ("info", "chat-left-text"),
    "failed": ("danger", "x-circle"),
    "held": ("success", "check-circle"),
    "in_work": ("info", "arrow-repeat"),
    "missing": ("danger", "square"),
    "moved": ("warning", "arrow-right"),
    "met": ("success", "check-circle"),
    "met_contested": ("warning", "check-circle"),
    "met_late": ("warning", "clock-history"),
    "no_number": ("muted", "dash-circle"),
    "notified": ("info", "envelope-check"),
    "open": ("neutral", "circle"),
    "overdue": ("danger", "exclamation-triangle"),
    "planned": ("neutral", "calendar3"),
    "proposed": ("info", "person-plus"),
    "published": ("success", "globe2"),
    "queued": ("neutral", "hourglass-split"),
    "returned": ("warning", "arrow-counterclockwise"),
    "running": ("info", "arrow-repeat"),
    "sending": ("info", "send"),
    "sent": ("success", "send-check"),
    "short": ("warning", "exclamation-circle"),
    "submitted": ("info", "send"),
    "superseded": ("muted", "layers"),
}
KINDS = {
    "neutral": "circle",
    "info": "info-circle",
    "success": "check-circle",
    "warning": "exclamation-circle",
    "danger": "exclamation-triangle",
    "muted": "dash-circle",
}


# -- Icons and states -----------------------------------------------------------------------------
def plain(text: Any) -> str:
    """Text fit to be a key of what is kept.

    A lazy translation would change with the language, and a text that was marked safe once would lend
    its safety to the same text from elsewhere. Joining makes a new, ordinary string.
    """
    return "".join([str(text)])


@lru_cache(maxsize=1024)
def _svg(name: str, label: str, css: str) -> SafeString:
    # Kept, because a board shows thousands of the same few icons and finding the sprite's address costs most.
    said = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true" focusable="false"')
    )
    classes = f"icon {css}".strip()
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, said, static("icons.svg"), name)


@register.simple_tag(name="icon")
def draw_icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; hidden from readers unless `label` names it."""
    return _svg(name, plain(label), css)


#: What stays what it is; a text is joined anew, for it may be marked safe.
UNCHANGING = (int, float, Decimal, date, time, tuple, NoneType)


@lru_cache(maxsize=8192, typed=True)
def _piece(template: str, language: str, **values: Any) -> SafeString:
    return SafeString(get_template(template).render(values))


@register.simple_tag
def piece(template: str, **values: Any) -> SafeString:
    """A row or another piece of a page that is made of the given values alone: drawn once for the same values.

    The template sees nothing but the values and the language, so what is kept cannot grow old. Texts, numbers, days and
    tuples are given as they are; anything else as its words.
    """
    told = {name: value if isinstance(value, UNCHANGING) else plain(value) for name, value in values.items()}
    return _piece(template, dates.language(), **told)


@lru_cache(maxsize=1024)
def _badge(kind: str, picture: str, label: str) -> SafeString:
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', kind, draw_icon(picture), label)


@register.simple_tag
def state_badge(value: Any, label: Any = "", kind: str = "", icon: str = "") -> SafeString:
    """Icon and word of a state. `value` picks colour and icon; `kind` and `icon` override them."""
    key = str(value)
    known_kind, known_icon = STATES.get(key, (kind or "neutral", KINDS.get(kind, "circle")))
    return _badge(kind or known_kind, icon or known_icon, plain(label or value))


# -- Days, periods, numbers -----------------------------------------------------------------------
def _civil(value: date | None) -> date | None:
    """A day, or nothing for an empty value: a page with a gap is better than no page."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value or None


def _time_tag(value: date | None, today: date | None, short: bool, owed: bool, hour: str = "") -> SafeString:
    on = _civil(value)
    if on is None:
        return mark_safe('<span class="day day-none">\u2013</span>')
    return _drawn_day(on, _civil(today), short, owed, dates.language(), str(hour or ""))


@lru_cache(maxsize=4096)
def _drawn_day(on: date, now: date | None, short: bool, owed: bool, language: str, hour: str) -> SafeString:
    # Kept by language, because a table names the same days again and again.
    text = dates.short_date(on) if short else dates.long_date(on)
    near, kind, sign = SafeString(""), "", SafeString("")
    if now is not None:
        words = dates.lateness(on, now) if owed else dates.distance(on, now)
        if owed and on < now:
            kind, sign = " is-late", draw_icon("exclamation-triangle")
        elif on == now:
            kind = " is-today"
        near = format_html(' <span class="day-distance">{}{}</span>', sign, words)
    return format_html(
        '<time class="day{}" datetime="{}"><span class="day-date">{}, {}{}</span>{}</time>',
        kind,
        on.isoformat(),
        text,
        dates.weekday(on, short=short),
        format_html(", <b>{}</b>", hour) if hour else "",
        near,
    )


@register.simple_tag
def day(value: date | None, today: date | None = None, short: bool = False, hour: str = "") -> SafeString:
    """15 қаңтар 2027 ж., жұма; with `hour` that too, with `today` also how far away, without judgement."""
    return _time_tag(value, today, short, owed=False, hour=hour)


@register.simple_tag
def due(value: date | None, today: date | None = None, short: bool = False) -> SafeString:
    """As `day`, for the last day of something still owed: a past day is late."""
    return _time_tag(value, today, short, owed=True)


@register.simple_tag
def mark(kind: str, text: Any = "", title: Any = "") -> SafeString:
    """Whose rule it is: law, reading or house. For tables; `_mark.html` draws the same elsewhere."""
    word, icon = {
        "law": (pgettext("mark", "Law"), "book"),
        "reading": (pgettext("mark", "Reading"), "eye"),
    }.get(kind, (pgettext("mark", "House rule"), "house"))
    return format_html(
        '<span class="mark mark-{}"{}>{}<span class="visually-hidden">{}: </span>{}</span>',
        kind,
        format_html(' title="{}"', title) if title else "",
        draw_icon(icon),
        word,
        text,
    )


@register.simple_tag
def weekdays(short: bool = True) -> list[tuple[str, str]]:
    """Short and full names of the week for the head of a month: `{% weekdays as days %}`."""
    return list(zip(dates.weekdays(short=short), dates.weekdays(), strict=True))


@register.simple_tag
def month_name(month: int, case: dates.MonthCase = "alone") -> str:
    """The name of month 1 … 12."""
    return dates.month_name(month, case=case)


@register.simple_tag
def period(code: str | int) -> str:
    """Words for 2027, 2027-H1, 2027-Q3, 2027-05; another code is shown as it is."""
    try:
        return dates.period(code)
    except ValueError:
        return str(code)


@register.simple_tag
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """16 892 with no-break spaces; a dash for nothing."""
    return "\u2013" if value is None or value == "" else dates.number(value, places=places)


@register.simple_tag
def minutes(value: int | None) -> str:
    """Minutes as hours and minutes."""
    return "\u2013" if value is None else dates.duration(value)


@register.simple_tag
def percent(part: float, whole: float) -> str:
    """Share of the whole, rounded down so that 100 % means all; a dash when there is no whole."""
    return f"{int(part * 100 // whole)}{dates.NBSP}%" if whole else "\u2013"


# -- Bars -----------------------------------------------------------------------------------------
@register.simple_tag
def svg_bar(value: float, max: float, label: Any = "", kind: str = "info") -> SafeString:
    """A bar as SVG: prints, needs no style attribute, reads as its label."""
    return svg_stack([(value, kind, "")], label or f"{dates.number(value)} / {dates.number(max)}", whole=max)


@register.simple_tag
def svg_stack(parts: Iterable[tuple[float, str, Any]], label: Any = "", whole: float | None = None) -> SafeString:
    """A bar of several parts `(number, kind, words)`; `whole` is their sum unless given."""
    known = [(amount, kind, words) for amount, kind, words in parts if amount]
    total = whole or sum(amount for amount, _kind, _words in known)
    drawn, left = [], 0.0
    for amount, kind, words in known:
        width = min(amount / total * 100, 100 - left) if total else 0
        tip = format_html("<title>{}</title>", words) if words else ""
        drawn.append((kind, f"{left:.2f}", f"{width:.2f}", tip))
        left += width
    said = label or ", ".join(str(words) for _amount, _kind, words in known)
    return format_html(
        '<svg class="svg-bar" role="img" aria-label="{}" viewBox="0 0 100 8" preserveAspectRatio="none">'
        '<rect class="svg-bar-ground" width="100" height="8"></rect>{}</svg>',
        said,
        format_html_join("", '<rect class="svg-bar-{}" x="{}" width="{}" height="8">{}</rect>', drawn),
    )


# -- Languages ------------------------------------------------------------------------------------
LANGUAGE_SIGNS = {"kk": ("қаз", "Қазақша"), "ru": ("рус", "Русский"), "en": ("eng", "English")}


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The languages of the switch: code, sign, own name, whether it is the active one."""
    return [
        {"code": code, "sign": sign, "name": name, "active": code == dates.language()}
        for code, (sign, name) in LANGUAGE_SIGNS.items()
    ]


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """The switch as links to this same page in another language; empty for an address that carries none."""
    request = context.get("request")
    here = request.get_full_path() if request else "/"
    _empty, first, *_rest = here.split("/", 2)
    if first not in LANGUAGE_SIGNS:
        return SafeString("")
    tail = here[len(first) + 1 :]
    items = []
    for item in languages():
        current = mark_safe(' aria-current="true"') if item["active"] else ""
        items.append((f"/{item['code']}{tail}", item["code"], item["code"], item["name"], current, item["sign"]))
    return format_html(
        '<nav class="languages" aria-label="{}">{}</nav>',
        _("Language"),
        format_html_join("", '<a href="{}" hreflang="{}" lang="{}" title="{}"{}>{}</a>', items),
    )


@register.simple_tag
def page_language() -> str:
    """Value of the `lang` attribute."""
    return get_language() or settings.LANGUAGE_CODE
