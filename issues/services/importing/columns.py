"""The tables that offices may bring: their columns, found by headings in any of three languages and in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import override

from calendars.workbook.template import Choice, Column, Kind, Template

from ...models import Classification, Level, ProgressKind, Source, TableKind
from ...models.requests import Language

LANGUAGES = ("kk", "ru", "en")
#: Rows of one table.
MOST_ROWS = 50_000


def labels(kk: str, ru: str, en: str) -> dict[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


def choices(values: Iterable[Any], also: Mapping[Any, tuple[str, ...]] | None = None) -> tuple[Choice, ...]:
    """Values of a list under their words in every language, and under words that offices use."""
    found = []
    for value in values:
        told = {}
        for language in LANGUAGES:
            with override(language):
                told[language] = str(value.label)
        found.append(Choice(value.value, told, (also or {}).get(value.value, ())))
    return tuple(found)


def whose() -> tuple[Column, ...]:
    """Whose row it is; without it the office for which the table is brought."""
    return (
        Column("unit", labels("Әкім (аумағы)", "Аким (территория)", "Akim of"),
               ("әкім", "әкімдік", "аким", "акимат", "округ", "әкімнің аумағы", "территория акима"), max_length=300,
               fill_down=True),
        Column("unit_code", labels("Әкім аумағының ӘАОЖ коды", "Код КАТО акима", "KATO code of the akim"),
               ("әкім коды", "код акима"), kind=Kind.CODE, fill_down=True),
    )  # fmt: skip


def where() -> tuple[Column, ...]:
    return (
        Column("place", labels("Орны", "Место", "Place"),
               ("ауыл", "елді мекен", "село", "населенный пункт", "мекенжай", "адрес"), max_length=300, fill_down=True),
        Column("place_code", labels("Орынның ӘАОЖ коды", "Код КАТО места", "KATO code of the place"),
               ("код КАТО", "КАТО", "ҚАТО коды", "ӘАОЖ коды", "орын коды"), kind=Kind.CODE, fill_down=True),
    )  # fmt: skip


def what_about() -> Column:
    return Column("topic", labels("Тақырып", "Тема", "Topic"), ("сала", "сфера", "категория", "санат"), max_length=200)


def which_issue() -> tuple[Column, ...]:
    return (
        Column("issue", labels("Мәселе нөмірі", "Номер вопроса", "Issue No."), ("№ вопроса", "мәселе №", "issue"),
               max_length=20, fill_down=True),
        Column("issue_text", labels("Мәселе", "Вопрос", "Text of the issue"),
               ("проблемалық мәселе", "проблемный вопрос", "мәселенің мәтіні", "текст вопроса", "суть вопроса",
                "мәселенің мазмұны", "содержание вопроса"), kind=Kind.LINES, max_length=3000, fill_down=True),
    )  # fmt: skip


@cache
def template_of(kind: str) -> Template:
    """The table of a kind. A column that one of several may stand for is not `required`; see `meaning`."""
    return {
        TableKind.REQUESTS: requests,
        TableKind.ISSUES: issues,
        TableKind.PLAN: plan,
        TableKind.PROGRESS: progress,
    }[TableKind(kind)]()


def made(mark: str, names: dict[str, str], *columns: Column) -> Template:
    return Template(mark, names, columns, most_rows=MOST_ROWS)


def requests() -> Template:
    return made(
        "requests_table", labels("Сұрау салулар", "Запросы", "Requests"),
        Column("received_on", labels("Түскен күні", "Дата поступления", "Received on"), ("күні", "дата", "date"),
               kind=Kind.DATE, required=True),
        Column("source", labels("Арна", "Канал", "Channel"), ("көзі", "источник", "source", "түсу көзі"),
               kind=Kind.CHOICE, required=True, choices=choices(Source), fill_down=True),
        Column("text", labels("Не сұралады", "О чем запрос", "What is asked"),
               ("мәтіні", "сұрақ", "текст", "вопрос", "text", "question", "сұраныс", "содержание", "мазмұны"),
               kind=Kind.LINES, required=True, max_length=5000),
        *where(),
        what_about(),
        Column("classification", labels("Түрі", "Что это", "What it is"), ("вид",), kind=Kind.CHOICE,
               choices=choices(Classification)),
        Column("appeal_number", labels("e-Otinish нөмірі", "Номер e-Otinish", "e-Otinish number"), max_length=60),
        Column("language", labels("Тілі", "Язык", "Language"), kind=Kind.CHOICE, choices=choices(Language)),
        Column("link", labels("Беттің мекенжайы", "Адрес страницы", "Address of the page"), ("ссылка", "сілтеме"),
               max_length=500),
        Column("name", labels("Кім сұрайды", "Кто спрашивает", "Who asks"),
               ("аты-жөні", "ФИО", "имя", "заявитель", "өтініш беруші", "name"), max_length=200),
        Column("phone", labels("Телефоны", "Телефон", "Telephone"), ("тел", "тел.", "phone"), max_length=40),
        Column("email", labels("Электрондық поштасы", "Электронная почта", "E-mail"),
               ("пошта", "почта", "email", "e-mail"), max_length=254),
        Column("consent", labels("Деректерін сақтауға келіседі", "Согласие на хранение данных", "Consents to keeping"),
               ("келісімі", "согласие", "consent"), kind=Kind.FLAG),
        *whose(),
    )  # fmt: skip


def issues() -> Template:
    return made(
        "issues_table", labels("Мәселелер", "Вопросы", "Issues"),
        Column("raised_on", labels("Көтерілген күні", "Дата, когда поднят", "Raised on"),
               ("күні", "дата", "date", "түскен күні", "дата поступления"), kind=Kind.DATE, required=True),
        Column("text_kk", labels("Мәселе (қазақша)", "Вопрос (на казахском)", "Text in Kazakh"),
               ("мәселе", "проблемалық мәселе", "мәселенің мәтіні", "мәселенің мазмұны", "мәселе қаз"),
               kind=Kind.LINES, max_length=3000),
        Column("text_ru", labels("Мәселе (орысша)", "Вопрос (на русском)", "Text in Russian"),
               ("вопрос", "проблемный вопрос", "текст вопроса", "суть вопроса", "содержание вопроса", "вопрос рус"),
               kind=Kind.LINES, max_length=3000),
        *where(),
        Column("meeting_on", labels("Кездесу күні", "Дата встречи", "Day of the meeting"), ("кездесу", "встреча"),
               kind=Kind.DATE, fill_down=True),
        what_about(),
        Column("level", labels("Шешу деңгейі", "Уровень решения", "Level of solution"), ("деңгейі", "уровень"),
               kind=Kind.CHOICE, choices=choices(Level)),
        *whose(),
    )  # fmt: skip


def plan() -> Template:
    return made(
        "plan_table", labels("Іс-қимыл жоспары", "План действий", "Action plan"),
        *which_issue(),
        Column("measure_kk", labels("Шара (қазақша)", "Мероприятие (на казахском)", "Measure in Kazakh"),
               ("шара", "іс-шара", "іс-шараның атауы", "шаралар"), kind=Kind.LINES, max_length=3000),
        Column("measure_ru", labels("Шара (орысша)", "Мероприятие (на русском)", "Measure in Russian"),
               ("мероприятие", "наименование мероприятия", "мера", "мероприятия"), kind=Kind.LINES, max_length=3000),
        Column("due_on", labels("Мерзімі", "Срок", "Due"),
               ("орындау мерзімі", "срок исполнения", "срок решения", "орындалу мерзімі"), kind=Kind.DATE,
               required=True),
        Column("organisation", labels("Орындаушы ұйым", "Организация-исполнитель", "Organisation of the executor"),
               ("жауапты орган", "ответственный орган", "орындауға жауаптылар", "организация", "ұйым", "исполнитель",
                "ответственные"), max_length=300, required=True, fill_down=True),
        Column("post", labels("Орындаушының лауазымы", "Должность исполнителя", "Post of the executor"),
               ("лауазымы", "должность", "жауапты тұлға", "ответственное лицо"), max_length=200, required=True,
               fill_down=True),
        Column("completion_kk", labels("Аяқталу нысаны (қазақша)", "Форма завершения (на казахском)",
                                       "Form of completion in Kazakh"), ("аяқталу нысаны",), max_length=300),
        Column("completion_ru", labels("Аяқталу нысаны (орысша)", "Форма завершения (на русском)",
                                       "Form of completion in Russian"), ("форма завершения",), max_length=300),
        *whose(),
    )  # fmt: skip


#: Words of offices for what became of an item, beside those of the screens.
TOLD = {
    ProgressKind.IN_WORK: ("жұмыс жүргізілуде", "жұмыс жалғасуда", "орындалуда", "на контроле", "исполняется"),
    ProgressKind.DONE: ("шешілді", "шешімін тапты", "орындалды", "решено", "исполнено", "выполнено", "сделано"),
    ProgressKind.EXPLAINED: ("түсіндірме берілді", "даны разъяснения", "разъяснено"),
}


def progress() -> Template:
    return made(
        "progress_table", labels("Орындалу барысы", "Ход исполнения", "Progress"),
        Column("item", labels("Жоспар тармағы", "Пункт плана", "Item of the plan"), ("тармақ", "пункт", "item"),
               max_length=30, fill_down=True),
        *which_issue(),
        Column("on", labels("Күні", "Дата", "Day"), ("дата исполнения", "орындалған күні", "date"), kind=Kind.DATE,
               required=True),
        Column("kind", labels("Жай-күйі", "Состояние", "State"),
               ("мәртебесі", "статус", "барысы", "результат", "нәтижесі"), kind=Kind.CHOICE, required=True,
               choices=choices(ProgressKind, TOLD)),
        Column("text", labels("Не істелді", "Что сделано", "What was done"),
               ("ход решения", "шешілу барысы", "орындалуы", "исполнение", "ход исполнения", "ақпарат", "информация"),
               kind=Kind.LINES, max_length=5000, required=True),
        *whose(),
    )  # fmt: skip
