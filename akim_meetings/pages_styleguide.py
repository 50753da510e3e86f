"""The living page of the design system: every component with made-up data. Only when DEBUG is on."""

import calendar
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akim_meetings.templatetags.look import KINDS, STATES
from journal import dates

TODAY = date(2027, 1, 14)
# Made-up words of a page in each language; a page of developers needs no catalogue.
WORDS: dict[str, dict[str, str]] = {
    "kk": {
        "unit": "Түркістан облысы", "today": "Бүгін", "calendar": "Күнтізбе", "meetings": "Кездесулер", "issues": "Мәселелер",
        "reports": "Есептер", "units": "Бірліктер", "act": "Жарлық", "lead": "2027 жылға арналған икемді жылдық күнтізбе",
        "header": "Кездесулер күнтізбесі", "plan": "Кездесу жоспарлау", "export": "Excel-ге шығару", "print": "Басып шығару",
        "approve": "2027 жылға арналған күнтізбені бекіту", "publish": "Қаратас ауылында өткен кездесудің қорытындыларын орналастыру",
        "submit": "Күнтізбені Үкіметке ұсыну", "open": "Күнтізбені ашу", "publish_do": "Жариялау", "needs": "Қазір сізден күтіледі",
        "required": "қажет", "planned": "жоспарланған", "held": "өткізілген", "missing": "жоспарланбаған", "late": "мерзімі өткен",
        "coverage": "Қамту", "next": "Алдағы 14 күн", "day": "Күні", "place": "Орны", "who": "Өткізуші", "state": "Күйі",
        "people": "Қатысушылар", "draft": "Жоба", "approved": "Бекітілді", "notified": "Мәслихат хабардар етілді", "submitted": "Үкіметке ұсынылды",
        "accepted": "Қабылданды", "okrug_akim": "ауылдық округ әкімі", "raion_akim": "аудан әкімі", "oblast_akim": "облыс әкімі",
        "bar": "12 кездесу жоспарланды, 3 кездесу жоқ", "empty": "Бұл айда кездесу жоспарланбаған.", "h1": "I жартыжылдық", "h2": "II жартыжылдық", "ok": "Сақталды: Созақ, 15 қаңтар", "undo": "Болдырмау",
        "warn": "Кездесуге 9 күн қалды: хабарландыру 1 қаңтарға дейін орналастырылуы тиіс еді.", "remove": "Бұл кездесуді жобадан алып тастау керек пе?", "yes": "Алып тастау",
        "f_day": "Кездесу күні", "f_time": "Басталуы", "f_place": "Өтетін орны", "f_holder": "Өткізуші", "f_format": "Өткізу түрі", "f_offsite": "көшпелі", "f_office": "ғимаратта",
        "f_broadcast": "Онлайн-трансляция болады", "f_langs": "Тілдері", "f_remark": "Ескертпе", "f_file": "Бұйрықтың қол қойылған көшірмесі",
        "f_minutes": "Жоспарланған уақыт, минут", "f_help": "Баяндамаға осы уақыттың төрттен бірінен аспайтын бөлігі беріледі.", "e_day": "16 қаңтар — демалыс күні; ең жақын жұмыс күні — 18 қаңтар.", "save": "Сақтау", "cancel": "Бас тарту",
        "law": "Жарлық 826, 2-т., 1)-тш.", "reading": "«дейін» күннің өзін қамтымайды", "house": "алдыңғы жұмыс күні", "step1": "Оқиға: 2027 жыл басталды", "step2": "«15 қаңтарға дейін» — соңғы күні 14 қаңтар", "step3": "14 қаңтар — жұмыс күні, жылжытылмайды",
        "chosen": "кездесу таңдалды", "move": "Күнін ауыстыру", "all": "Барлығы", "level": "Әкім деңгейі", "raion": "Аудан", "holes": "тек жоспарланбағандар", "search": "Атауы", "plan_view": "Жоспар", "fact_view": "Нақты",
        "import": "2005 жолдың импорты", "row": "Оқылған жол", "offday": "демалыс",
    },
    "ru": {
        "unit": "Туркестанская область", "today": "Сегодня", "calendar": "Календарь", "meetings": "Встречи", "issues": "Вопросы",
        "reports": "Отчеты", "units": "Единицы", "act": "Указ", "lead": "Гибкий годовой календарь на 2027 год",
        "header": "Календарь встреч", "plan": "Запланировать встречу", "export": "Выгрузить в Excel", "print": "Печать",
        "approve": "Утвердить календарь на 2027 год", "publish": "Разместить итоги встречи в селе Каратас", "submit": "Представить календарь в Правительство",
        "open": "Открыть календарь", "publish_do": "Разместить", "needs": "Сейчас ждут от вас", "required": "требуется", "planned": "запланировано",
        "held": "проведено", "missing": "не запланировано", "late": "просрочено", "coverage": "Охват", "next": "Ближайшие 14 дней", "day": "День",
        "place": "Место", "who": "Проводит", "state": "Состояние", "people": "Участники", "draft": "Проект", "approved": "Утвержден", "notified": "Маслихат уведомлен",
        "submitted": "Представлен в Правительство", "accepted": "Принят", "okrug_akim": "аким сельского округа", "raion_akim": "аким района", "oblast_akim": "аким области",
        "bar": "12 встреч запланировано, 3 не хватает", "empty": "В этом месяце встреч не запланировано.", "h1": "I полугодие", "h2": "II полугодие", "ok": "Сохранено: Созак, 15 января", "undo": "Отменить",
        "warn": "До встречи 9 дней: объявление следовало разместить до 1 января.", "remove": "Убрать эту встречу из проекта?", "yes": "Убрать",
        "f_day": "День встречи", "f_time": "Начало", "f_place": "Место проведения", "f_holder": "Кто проводит", "f_format": "Вид", "f_offsite": "выездная", "f_office": "в здании",
        "f_broadcast": "Будет онлайн-трансляция", "f_langs": "Языки", "f_remark": "Примечание", "f_file": "Подписанная копия распоряжения",
        "f_minutes": "Запланированное время, минут", "f_help": "На доклад — не более одной четверти этого времени.", "e_day": "16 января — выходной; ближайший рабочий день — 18 января.", "save": "Сохранить", "cancel": "Отмена",
        "law": "Указ 826, п. 2, пп. 1)", "reading": "«до» не включает сам день", "house": "предыдущий рабочий день", "step1": "Событие: начался 2027 год", "step2": "«до 15 января» — последний день 14 января", "step3": "14 января — рабочий день, переноса нет",
        "chosen": "встреч выбрано", "move": "Перенести", "all": "Все", "level": "Уровень акима", "raion": "Район", "holes": "только пробелы", "search": "Название", "plan_view": "План", "fact_view": "Факт",
        "import": "Импорт 2005 строк", "row": "Прочитано строк", "offday": "выходной",
    },
    "en": {
        "unit": "Turkistan oblast", "today": "Today", "calendar": "Calendar", "meetings": "Meetings", "issues": "Issues",
        "reports": "Reports", "units": "Units", "act": "The act", "lead": "Flexible annual calendar for 2027",
        "header": "Calendar of meetings", "plan": "Plan a meeting", "export": "Export to Excel", "print": "Print",
        "approve": "Approve the calendar for 2027", "publish": "Publish the results of the meeting in Karatas", "submit": "Submit the calendar to the Government",
        "open": "Open the calendar", "publish_do": "Publish", "needs": "Needs you now", "required": "required", "planned": "planned",
        "held": "held", "missing": "missing", "late": "late", "coverage": "Coverage", "next": "Next 14 days", "day": "Day",
        "place": "Place", "who": "Holder", "state": "State", "people": "Attendance", "draft": "Draft", "approved": "Approved", "notified": "Maslikhat notified",
        "submitted": "Submitted to the Government", "accepted": "Accepted", "okrug_akim": "akim of the rural okrug", "raion_akim": "akim of the raion", "oblast_akim": "akim of the oblast",
        "bar": "12 meetings planned, 3 missing", "empty": "No meeting is planned in this month.", "h1": "first half-year", "h2": "second half-year", "ok": "Saved: Sozak, 15 January", "undo": "Undo",
        "warn": "The meeting is in 9 days: it had to be announced before 1 January.", "remove": "Remove this meeting from the draft?", "yes": "Remove",
        "f_day": "Day of the meeting", "f_time": "Begins", "f_place": "Place", "f_holder": "Holder", "f_format": "Format", "f_offsite": "offsite", "f_office": "in the office",
        "f_broadcast": "There will be a broadcast", "f_langs": "Languages", "f_remark": "Remark", "f_file": "Signed copy of the order",
        "f_minutes": "Planned time, minutes", "f_help": "The report takes at most a quarter of this time.", "e_day": "16 January is a day off; the next working day is 18 January.", "save": "Save", "cancel": "Cancel",
        "law": "Decree 826, para. 2, 1)", "reading": "“before” leaves the day itself out", "house": "the previous working day", "step1": "Event: 2027 begins", "step2": "“before 15 January”: the last day is 14 January", "step3": "14 January is a working day, nothing moves",
        "chosen": "meetings chosen", "move": "Move", "all": "All", "level": "Level of akim", "raion": "Raion", "holes": "only holes", "search": "Name", "plan_view": "Plan", "fact_view": "Fact",
        "import": "Import of 2005 rows", "row": "Rows read", "offday": "day off",
    },
}  # fmt: skip
PLACES = {
    "kk": ["Созақ", "Құмкент", "Шолаққорған", "Жартытөбе", "Қарақұр", "Тасты", "Сызған", "Сұзақ", "Үшбас", "Ақсүмбе"],
    "ru": ["Созак", "Кумкент", "Шолаккорган", "Жартытобе", "Каракур", "Тасты", "Сызган", "Сузак", "Ушбас", "Аксумбе"],
    "en": ["Sozak", "Kumkent", "Sholakkorgan", "Zhartytobe", "Karakur", "Tasty", "Syzgan", "Suzak", "Ushbas", "Aksumbe"],
}  # fmt: skip
CHIP_STATES = ["planned", "announced", "held", "moved", "planned", "cancelled", "draft"]


def sample_form(words: dict[str, str], data: dict[str, Any] | None = None) -> forms.Form:
    """A form with every kind of field."""

    class SampleForm(forms.Form):
        day = forms.DateField(label=words["f_day"])
        begins = forms.TimeField(label=words["f_time"])
        place = forms.CharField(label=words["f_place"], max_length=200)
        holder = forms.ChoiceField(
            label=words["f_holder"], choices=[(1, words["okrug_akim"]), (2, words["raion_akim"])]
        )
        minutes = forms.IntegerField(
            label=words["f_minutes"], help_text=words["f_help"], min_value=1, initial=120
        )
        kind = forms.ChoiceField(
            label=words["f_format"],
            choices=[("offsite", words["f_offsite"]), ("office", words["f_office"])],
            widget=forms.RadioSelect,
            initial="offsite",
        )
        languages = forms.MultipleChoiceField(
            label=words["f_langs"],
            choices=[("kk", "қазақша"), ("ru", "русский")],
            widget=forms.CheckboxSelectMultiple,
            initial=["kk"],
        )
        scan = forms.FileField(label=words["f_file"], required=False)
        broadcast = forms.BooleanField(label=words["f_broadcast"], required=False)
        remark = forms.CharField(
            label=words["f_remark"], required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

        def clean_day(self) -> date:
            value: date = self.cleaned_data["day"]
            if value.weekday() >= 5:
                raise forms.ValidationError(words["e_day"])
            return value

    return SampleForm(data, auto_id=f"{'wrong' if data is not None else 'clean'}_%s")


def month_weeks(places: list[str]) -> list[list[dict[str, Any]]]:
    """January 2027 with some meetings in it."""
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(2027, 1):
        days = []
        for on in week:
            count = (on.day * 7) % 4 if on.month == 1 and on.weekday() < 5 else 0
            chips = [
                {
                    "time": f"{10 + i * 2}:00",
                    "place": places[(on.day + i) % len(places)],
                    "state": CHIP_STATES[(on.day + i) % len(CHIP_STATES)],
                }
                for i in range(count)
            ]
            days.append(
                {"on": on, "out": on.month != 1, "off": on.weekday() >= 5 or on == date(2027, 1, 7), "chips": chips}
            )
        weeks.append(days)
    return weeks


def year_months() -> list[dict[str, Any]]:
    """Twelve small months with an even spread of load."""
    return [
        {
            "month": month,
            "count": 160 + month,
            "weeks": [
                [
                    {"on": on, "in": on.month == month, "load": 0 if on.weekday() > 4 else (on.day * month) % 5}
                    for on in week
                ]
                for week in calendar.Calendar().monthdatescalendar(2027, month)
            ],
        }
        for month in range(1, 13)
    ]


def icon_names() -> list[str]:
    """Every symbol of the sprite."""
    sprite = finders.find("icons.svg")
    with open(str(sprite), encoding="utf-8") as file:
        return [piece.split('"', 1)[0] for piece in file.read().split('<symbol id="')[1:]]


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in the reader's language."""
    lang = dates.language()
    words = WORDS[lang]
    places = PLACES[lang]
    menu = [
        ("today", "house", "g t"), ("calendar", "calendar3", "g c"), ("meetings", "people", "g m"),
        ("issues", "chat-left-text", "g i"), ("reports", "file-earmark-text", "g r"), ("units", "diagram-3", "g u"), ("act", "book", "g a"),
    ]  # fmt: skip
    rows = [
        {
            "day": TODAY + timedelta(days=i),
            "place": places[i % len(places)],
            "who": words["okrug_akim"],
            "state": CHIP_STATES[i % len(CHIP_STATES)],
            "people": (i * 137) % 400 if i % 3 == 0 else None,
        }
        for i in range(8)
    ]
    context = {
        "w": words,
        "user": {"is_authenticated": True, "short_name": "Д. Серікова", "get_username": "dana"},
        "current_post": words["unit"],
        "user_links": [{"url": "#account", "label": words["units"], "icon": "gear"}],
        "today": TODAY,
        "nav": [
            {"url": f"#{name}", "label": words[name], "icon": icon, "active": name == "calendar", "key": key}
            for name, icon, key in menu
        ],
        "current_unit": words["unit"],
        "unit_choices": [(words["unit"], words["unit"])] + [(name, name) for name in places],
        "year_choices": [(year, year) for year in (2026, 2027, 2028)],
        "current_year": 2027,
        "unread_count": 4,
        "search_url": "#search",
        "notices_url": "#notices",
        "messages": [Message(constants.SUCCESS, words["ok"]), Message(constants.WARNING, words["warn"])],
        "states": [(value, kind) for value, (kind, _icon) in STATES.items()],
        "kinds": list(KINDS),
        "icons": icon_names(),
        "rows": rows,
        "page": Paginator(range(2005), 50).page(3),
        "places": places,
        "weeks": month_weeks(places),
        "months": year_months(),
        "year_days": {
            "yesterday": TODAY - timedelta(days=1), "late": TODAY - timedelta(days=12), "soon": TODAY + timedelta(days=6),
            "far": TODAY + timedelta(days=154), "calendar": date(2027, 1, 14),
        },
        "steps": [
            {"name": words["draft"], "note": dates.short_date(date(2026, 12, 1)), "state": "done"},
            {"name": words["approved"], "note": "№ 12, 11.01.2027", "state": "done"},
            {"name": words["notified"], "note": "12.01.2027", "state": "now"},
            {"name": words["submitted"], "note": "", "state": "next"},
            {"name": words["accepted"], "note": "", "state": "next"},
        ],
        "why_steps": [words["step1"], words["step2"], words["step3"]],
        "stack": [(1874, "info", words["planned"]), (41, "success", words["held"]), (90, "danger", words["missing"])],
        "tabs": [
            {"url": "#a", "label": words["calendar"], "active": True, "count": 2005},
            {"url": "#b", "label": words["coverage"], "active": False, "count": None},
        ],
        "clean_form": sample_form(words),
        "wrong_form": sample_form(words, {"day": "2027-01-16", "begins": "10:00", "holder": "1"}),
        "job": {"pk": 1, "title": words["import"], "done": 1240, "total": 2005, "message": words["row"]},
    }  # fmt: skip
    return render(request, "styleguide.html", context)
