"""What every page is made of: tags, forms, bases, icons, fonts."""

import re
import struct
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import formats, timezone, translation
from django.utils.functional import lazy
from django.utils.safestring import mark_safe

from akim_meetings.templatetags import look
from akim_meetings.templatetags.look import KINDS, STATES
from journal import dates

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
NB = "\u00a0"


def show(text: str, lang: str = "kk", **context) -> str:
    with translation.override(lang):
        return Template("{% load look %}" + text).render(Context(context))


# -- Icons ----------------------------------------------------------------------------------------
def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))


def test_an_icon_is_hidden_from_readers_unless_it_is_named():
    assert 'aria-hidden="true"' in show('{% icon "bell" %}')
    named = show('{% icon "bell" label="Хабарлар" %}')
    assert 'aria-label="Хабарлар"' in named
    assert "aria-hidden" not in named


def test_every_icon_that_a_template_or_a_state_names_is_in_the_sprite():
    named = {icon for _kind, icon in STATES.values()} | set(KINDS.values())
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text()
        named |= set(re.findall(r'{% icon "([^"]+)"', text))
        named |= set(re.findall(r'_empty\.html" with [^%]*\bicon="([^"]+)"', text))
    assert named - sprite() == set()


# -- States and days ------------------------------------------------------------------------------
def test_a_state_is_told_by_icon_and_word_not_by_colour_alone():
    badge = show('{% state_badge "held" "Өткізілді" %}')
    assert "state-success" in badge
    assert "#check-circle" in badge
    assert "<span>Өткізілді</span>" in badge


def test_an_unknown_state_is_shown_neutrally():
    assert "state-neutral" in show('{% state_badge "later" "Кейін" %}')


def test_kind_and_icon_of_a_state_can_be_chosen():
    assert "state-danger" in show('{% state_badge "x" "x" kind="danger" %}')
    assert "#exclamation-triangle" in show('{% state_badge "x" "x" kind="danger" %}')
    assert "#flag" in show('{% state_badge "held" "x" icon="flag" %}')


def test_words_of_people_cannot_break_the_page():
    assert "<script>" not in show('{% state_badge "x" label %}{% svg_bar 1 2 label %}', label="<script>")


def test_a_text_marked_safe_lends_its_safety_to_no_other():
    assert "<b>" not in show('{% state_badge "held" label %}', label=mark_safe("<b>x</b>"))
    assert "<b>" not in show('{% state_badge "held" label %}', label="<b>x</b>")


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_a_kept_icon_follows_the_reader_s_language(lang):
    shown = show('{% icon "bell" label=word %}', lang, word=lazy(lambda: translation.get_language(), str)())
    assert f'aria-label="{lang}"' in shown


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("kk", "15 қаңтар 2027 ж., жұма"),
        ("ru", "15 января 2027 г., пятница"),
        ("en", "15 January 2027, Friday"),
    ],
)
def test_a_day_carries_its_weekday(lang, words):
    shown = show("{% day d %}", lang, d=date(2027, 1, 15))
    assert words in shown
    assert 'datetime="2027-01-15"' in shown


def test_a_day_says_how_far_it_is_when_today_is_known():
    shown = show("{% day d today=t %}", d=date(2027, 1, 21), t=date(2027, 1, 15))
    assert "6 күннен кейін" in shown


def test_a_past_day_is_late_only_where_something_is_owed():
    context = {"d": date(2027, 1, 13), "t": date(2027, 1, 15)}
    passed = show("{% day d today=t %}", **context)
    assert "2 күн бұрын" in passed
    assert "is-late" not in passed
    owed = show("{% due d today=t %}", **context)
    assert "2 күнге кешікті" in owed
    assert "is-late" in owed
    assert "#exclamation-triangle" in owed


def test_a_moment_is_shown_as_its_day_in_almaty():
    late_evening = datetime(2027, 1, 14, 20, 30, tzinfo=timezone.get_fixed_timezone(0))
    assert "15.01.2027, жм" in show("{% day d short=True %}", d=late_evening)


def test_a_missing_day_is_a_dash():
    assert "\u2013" in show("{% day d %}", d=None)


def test_numbers_periods_and_minutes_are_worded():
    assert show("{% number 16892 %}") == f"16{NB}892"
    assert show("{% number n %}", n=None) == "\u2013"
    assert show('{% period "2027-H1" %}', "ru") == "I полугодие 2027 года"
    assert show('{% period "later" %}') == "later"
    assert show("{% minutes 135 %}", "ru") == f"2{NB}ч 15{NB}мин"


def test_a_hundred_percent_means_all():
    assert show("{% percent 2004 2005 %}") == f"99{NB}%"
    assert show("{% percent 2005 2005 %}") == f"100{NB}%"
    assert show("{% percent 0 0 %}") == "\u2013"


def test_a_bar_is_drawn_without_style_attributes_and_can_be_read():
    bar = show('{% svg_bar 3 12 "3 / 12" %}')
    assert 'width="25.00"' in bar
    assert 'aria-label="3 / 12"' in bar
    assert "style=" not in bar


def test_a_bar_never_runs_over_its_end():
    assert 'width="100.00"' in show("{% svg_bar 30 12 'x' %}")
    assert "width" in show("{% svg_bar 0 0 'x' %}")


def test_a_stack_shares_its_width_among_its_parts():
    stack = show("{% svg_stack parts %}", parts=[(1, "success", "a"), (3, "danger", "b"), (0, "info", "c")])
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', stack) == [("0.00", "25.00"), ("25.00", "75.00")]
    assert 'aria-label="a, b"' in stack


# -- Formats --------------------------------------------------------------------------------------
def test_django_s_own_filters_speak_kazakh_too():
    with translation.override("kk"):
        assert formats.date_format(date(2027, 3, 22), "SHORT_DATE_FORMAT") == "22.03.2027"
        assert formats.number_format(1234567.5, 2, use_l10n=True, force_grouping=True) == f"1{NB}234{NB}567,50"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
    with translation.override("ru"):
        assert formats.date_format(date(2027, 3, 22), "DATE_FORMAT") == "22 марта 2027 г."
    with translation.override("en"):
        assert formats.date_format(date(2027, 3, 22), "DATE_FORMAT") == "22 March 2027"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["2027-01-15", "15.01.2027", "15.01.27"])
def test_a_date_is_understood_as_people_here_type_it(lang, typed):
    with translation.override(lang):
        assert forms.DateField().clean(typed) == date(2027, 1, 15)


# -- Forms ----------------------------------------------------------------------------------------
class PlanForm(forms.Form):
    day = forms.DateField(label="Кездесу күні", help_text="Жұмыс күні")
    begins = forms.TimeField(label="Басталуы", required=False)
    moment = forms.DateTimeField(label="Сәті", required=False)
    place = forms.CharField(label="Орны", widget=forms.TextInput(attrs={"class": "wide"}))
    kind = forms.ChoiceField(label="Түрі", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    holder = forms.ChoiceField(label="Өткізуші", choices=[("1", "әкім")])
    broadcast = forms.BooleanField(label="Трансляция", required=False)
    scan = forms.FileField(label="Көшірме", required=False)
    remark = forms.CharField(label="Ескертпе", widget=forms.Textarea, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_date_and_time_fields_are_native_without_special_widgets():
    form = PlanForm(initial={"day": date(2027, 1, 15), "begins": time(10, 0), "moment": datetime(2027, 1, 15, 9, 5)})
    for lang in ("kk", "ru", "en"):
        with translation.override(lang):
            page = str(form)
        assert re.search(r'<input type="date" name="day" value="2027-01-15" class="form-control"', page)
        assert re.search(r'<input type="time" name="begins" value="10:00"', page)
        assert re.search(r'<input type="datetime-local" name="moment" value="2027-01-15T09:05"', page)


def test_every_kind_of_field_gets_its_class_and_keeps_its_own():
    page = str(PlanForm())
    assert 'class="form-control wide"' in page
    assert '<select name="holder" class="form-select"' in page
    assert re.search(r'type="radio" name="kind" value="a" class="form-check-input"', page)
    assert re.search(r'type="checkbox" name="broadcast" class="form-check-input"', page)
    assert '<textarea name="remark" class="form-control"' in page
    assert '<input type="hidden" name="key"' in page
    assert page.count('class="form-control') == 6
    assert all(tag.count("class=") == 1 for tag in re.findall(r"<(?:input|select|textarea)[^>]*form-[^>]*>", page))


def test_a_required_field_is_marked_and_an_optional_one_is_not():
    form = PlanForm()
    assert 'class="required"' in form["day"].as_field_group()
    assert 'class="required"' not in form["remark"].as_field_group()


def test_help_and_error_belong_to_their_field_for_a_screen_reader():
    form = PlanForm({"place": "Созақ", "kind": "a", "holder": "1"})
    with translation.override("kk"):
        field = form["day"].as_field_group()
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field).group(1).split()
    assert described == ["id_day_helptext", "id_day_error"]
    assert all(f'id="{name}"' in field for name in described)


def test_a_wrong_form_begins_with_a_list_of_what_to_mend_with_links():
    form = PlanForm({"day": "2027-02-30"})
    form.is_valid()
    form.add_error(None, "Бұл орын бос емес.")
    with translation.override("kk"):
        page = str(form)
    summary = page.split("error-summary")[1].split("</div>")[0]
    assert "Бұл орын бос емес." in summary
    assert '<a href="#id_day">Кездесу күні</a>' in summary
    assert '<a href="#id_kind">Түрі</a>' in summary
    assert 'id="id_kind"' in page


def test_an_untouched_form_has_no_summary():
    assert "error-summary" not in str(PlanForm())


def test_what_a_person_typed_is_escaped_in_the_error():
    class Strict(forms.Form):
        choice = forms.ChoiceField(choices=[("a", "a")], label="<b>")

    page = str(Strict({"choice": "<script>alert(1)</script>"}))
    assert "<script>" not in page
    assert "<b>" not in page


# -- Bases ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("base", ["base_public.html", "base_auth.html"])
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_page_says_its_language(base, lang):
    with translation.override(lang):
        page = render_to_string(base, request=RequestFactory().get(f"/{lang}/"), using=None)
    assert f'<html lang="{lang}">' in page


def test_the_staff_base_stands_without_any_of_its_variables():
    page = render_to_string("base_staff.html", {})
    assert 'id="main"' in page
    assert "mainnav" not in page


def test_the_menu_marks_where_one_is():
    nav = [
        {"url": "/a", "label": "Бүгін", "icon": "house", "active": False},
        {"url": "/b", "label": "Күнтізбе", "icon": "calendar3", "active": True, "key": "g c"},
    ]
    page = render_to_string("base_staff.html", {"nav": nav})
    assert re.search(r'<a href="/b" aria-current="page" data-key="g c">', page)
    assert page.count('aria-current="page"') == 1


def test_the_chosen_unit_and_year_stay_chosen():
    class Unit:
        pk = 7

    page = render_to_string(
        "base_staff.html",
        {
            "unit_choices": [(6, "Абай"), (7, "Түркістан")],
            "current_unit": Unit(),
            "year_choices": [(2026, 2026), (2027, 2027)],
            "current_year": 2027,
        },
    )
    assert re.findall(r'<option value="(\d+)" selected>', page) == ["7", "2027"]


def test_the_public_switch_of_languages_leads_to_the_same_page():
    request = RequestFactory().get("/kk/?year=2027")
    with translation.override("kk"):
        links = Template("{% load look %}{% language_links %}").render(Context({"request": request}))
    assert 'href="/ru/?year=2027" hreflang="ru"' in links
    assert re.search(r'href="/kk/\?year=2027"[^>]*aria-current="true"', links)


def test_a_page_without_a_language_in_its_address_switches_by_a_form():
    page = render_to_string("base_public.html", request=RequestFactory().get("/ack/token/"))
    assert 'name="next" value="/ack/token/"' in page
    assert 'name="language" value="ru"' in page


# -- What the content security policy and the offline office demand -----------------------------------
TEMPLATES = [page for page in (ROOT / "templates").rglob("*.html") if "notices" not in page.parts]


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(ROOT / "templates")))
def test_no_page_needs_what_the_policy_forbids(page):
    if page.name == "maintenance.html":
        return  # served by the proxy while the application, and with it the policy, is away
    text = page.read_text()
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text), "inline style sheet"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"\son[a-z]+\s*=", text), "inline handler"
    assert not re.search(r"hx-on|[\"']js:|hx-trigger=\"[^\"]*\[", text), "htmx attribute that needs eval"
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), "file of another host"


def test_no_style_sheet_or_script_loads_from_another_host():
    for file in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        text = file.read_text()
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", text), file
        assert "sourceMappingURL" not in text, file


def test_whatever_was_copied_from_others_has_its_licence_beside_it():
    for folder in (STATIC / "vendor").iterdir():
        if folder.is_dir():
            assert (folder / "LICENSE").is_file(), folder


def glyphs(font: Path) -> set[int]:
    """Code points of a TrueType file, from its `cmap` table of format 4."""
    data = font.read_bytes()
    tables = {
        data[12 + 16 * n : 16 + 16 * n]: struct.unpack(">II", data[20 + 16 * n : 28 + 16 * n])
        for n in range(struct.unpack(">H", data[4:6])[0])
    }
    start, _length = tables[b"cmap"]
    found: set[int] = set()
    for n in range(struct.unpack(">H", data[start + 2 : start + 4])[0]):
        sub = start + struct.unpack(">I", data[start + 8 + 8 * n : start + 12 + 8 * n])[0]
        if struct.unpack(">H", data[sub : sub + 2])[0] != 4:
            continue
        count = struct.unpack(">H", data[sub + 6 : sub + 8])[0] // 2
        ends = struct.unpack(f">{count}H", data[sub + 14 : sub + 14 + 2 * count])
        starts = struct.unpack(f">{count}H", data[sub + 16 + 2 * count : sub + 16 + 4 * count])
        for first, last in zip(starts, ends, strict=True):
            found.update(range(first, last + 1))
    return found


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_typeface_has_every_kazakh_letter(weight):
    needed = "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸№«»–—…·−" + "АаЯяЁёЪъ" + "AZaz0189" + NB
    assert {
        letter for letter in needed if ord(letter) not in glyphs(STATIC / f"vendor/golos-text/GolosText-{weight}.ttf")
    } == set()


def piece(language="ru", **values):
    source = "{% load look %}{% piece 'issues/_free_row.html' pk=pk source=source text=text may_edit=may_edit %}"
    with translation.override(language):
        return Template(source).render(Context({"pk": 7, "source": "", "text": "", "may_edit": False} | values))


def test_a_piece_is_drawn_once_for_the_same_values_and_anew_for_others(monkeypatch):
    looked = []
    draw = look.get_template
    monkeypatch.setattr(look, "get_template", lambda name: looked.append(name) or draw(name))
    look._piece.cache_clear()
    assert "Су жоқ" in piece(text="Су жоқ") == piece(text="Су жоқ")
    assert "Жарық жоқ" in piece(text="Жарық жоқ")
    assert len(looked) == 2


def test_a_piece_speaks_the_reader_s_language():
    assert piece("kk", may_edit=True) != piece("ru", may_edit=True)


def test_a_piece_escapes_a_text_though_another_was_marked_safe():
    assert "<b>" not in piece(text=mark_safe("<b>жоқ</b>"))
    assert "<b>" not in piece(text="<b>жоқ</b>")


def test_a_piece_shows_what_a_thing_is_called_now():
    named = lazy(lambda: dates.language(), str)()
    assert "kk" in piece("kk", text=named)
    assert "ru" in piece("ru", text=named)
