"""The table of a calendar as workbooks and CSV files hold it: its columns, their headings, the words of their lists.

Said once, in three languages, for those who write the table and those who read it. The words are data of
the file format: a workbook made today must be understood in ten years, whatever the screens say then.
"""

from __future__ import annotations

from collections.abc import Mapping

from .models.meeting import Broadcast, Format, Languages
from .workbook.template import Choice, Column, Kind, Template

#: Written into every workbook; a file made from another template is refused before its rows are read.
TEMPLATE_ID = "akim-meetings/calendar"
TEMPLATE_VERSION = 1
#: The workbook name that points to the table and survives the renaming of its sheet.
MARK = "akim_calendar"
META_MARK = "akim_meta"

#: As `services.rows.LONGEST_MINUTES`; a test holds the two equal.
LONGEST_MINUTES = 720

Labels = Mapping[str, str]


def labels(kk: str, ru: str, en: str) -> Labels:
    return {"kk": kk, "ru": ru, "en": en}


FORMATS = (
    Choice(
        Format.IN_PERSON,
        labels("жүзбе-жүз", "очно", "in person"),
        ("бетпе-бет", "офлайн", "қатысып", "лично"),
    ),
    Choice(
        Format.WITH_VIDEO,
        labels(
            "жүзбе-жүз, бейнеконференция нүктелерімен",
            "очно, с точками видеоконференцсвязи",
            "in person, with videoconference points",
        ),
        ("аралас", "смешанный"),
    ),
    Choice(
        Format.VIDEO_ONLY,
        labels("тек бейнеконференция арқылы", "только по видеоконференцсвязи", "by videoconference only"),
        ("онлайн", "online", "бейнеконференция", "видеоконференция"),
    ),
)
BROADCASTS = (
    Choice(Broadcast.YES, labels("трансляциямен", "с трансляцией", "with a broadcast"), ("иә", "да", "бар")),
    Choice(
        Broadcast.NO,
        labels(
            "трансляциясыз, техникалық себеппен",
            "без трансляции по технической причине",
            "without, for a technical reason",
        ),
        ("жоқ", "нет", "трансляциясыз", "без трансляции"),
    ),
    Choice(Broadcast.LATER, labels("әлі шешілмеген", "ещё не решено", "to be decided")),
)
LANGUAGES = (
    Choice(
        Languages.BOTH,
        labels("қазақ және орыс тілдерінде", "на казахском и русском", "Kazakh and Russian"),
        ("қазақша және орысша", "казахский и русский", "екі тілде", "на двух языках"),
    ),
    Choice(Languages.KK, labels("қазақ тілінде", "на казахском", "Kazakh"), ("қазақша", "казахский", "қаз")),
    Choice(Languages.RU, labels("орыс тілінде", "на русском", "Russian"), ("орысша", "русский", "рус")),
)
YES, NO = labels("иә", "да", "yes"), labels("жоқ", "нет", "no")

#: States of a row, for reading only.
STATES: Mapping[str, Labels] = {
    "proposed": labels("ұсынылды", "предложена", "proposed"),
    "returned": labels("қайтарылды", "возвращена", "returned"),
    "planned": labels("жоспарланды", "запланирована", "planned"),
    "announced": labels("хабарланды", "объявлена", "announced"),
    "held": labels("өткізілді", "проведена", "held"),
    "cancelled": labels("жойылды", "отменена", "cancelled"),
    "approved": labels("бекітілді", "утверждена", "approved"),
}
#: Lines of the list in 826-2.1, which the act leaves without letters, by the akim that they bind.
LINES: Mapping[str, Labels] = {
    "a": labels("a: облыс әкімі", "a: аким области", "a: akim of the oblast"),
    "b": labels(
        "b: республикалық маңызы бар қала әкімі",
        "b: аким города республиканского значения",
        "b: akim of a city of republican significance",
    ),
    "c": labels("c: аудан әкімі", "c: аким района", "c: akim of a raion"),
    "d": labels("d: қала, ауылдық округ әкімі", "d: аким города, сельского округа", "d: akim of a city or rural okrug"),
    "e": labels(
        "e: ауыл, кент, қаладағы аудан әкімі",
        "e: аким села, поселка, района в городе",
        "e: akim of a village, settlement, raion in a city",
    ),
}
#: In which part of the year the meeting is due, by the end of the period's code.
PERIODS: Mapping[str, Labels] = {
    "year": labels("жыл ішінде", "в течение года", "within the year"),
    "H1": labels("I жартыжылдық", "I полугодие", "first half-year"),
    "H2": labels("II жартыжылдық", "II полугодие", "second half-year"),
}

#: What stands on paper, from left to right; the columns after them are worked with on the screen only.
PRINTED = (
    Column("number", labels("№", "№", "No."), ("р/с №", "№ п/п", "номер", "нөмірі", "#"), max_length=20),
    Column(
        "date",
        labels("Күні", "Дата", "Date"),
        ("кездесу күні", "өткізілетін күні", "дата встречи", "дата проведения", "день"),
        kind=Kind.DATE,
        required=True,
        time_key="time",
    ),
    Column(
        "time",
        labels("Уақыты", "Время", "Time"),
        ("басталу уақыты", "сағаты", "время начала", "час", "начало"),
        kind=Kind.TIME,
    ),
    Column(
        "holder",
        labels(
            "Кездесуді өткізетін әкім (аумағы)", "Аким, проводящий встречу (территория)", "Akim who holds it (unit)"
        ),
        ("әкім", "өткізуші әкім", "әкімнің аумағы", "аким", "аким территории", "территория акима", "akim of"),
        max_length=300,
        fill_down=True,
    ),
    Column(
        "place",
        labels("Кездесу өтетін аумақ", "Территория, где пройдет встреча", "Place (unit)"),
        ("өтетін жері", "елді мекен", "аумақ", "место", "место проведения", "населенный пункт", "территория", "place"),
        max_length=300,
    ),
    Column(
        "address",
        labels("Ғимараты және мекенжайы", "Зал и адрес", "Hall and address"),
        ("мекенжайы", "ғимараты", "адрес", "зал", "здание", "address"),
        max_length=300,
    ),
    Column(
        "planned_minutes",
        labels("Жоспарланған уақыты, мин", "Запланированное время, мин", "Planned minutes"),
        ("ұзақтығы", "жоспарланған минут", "длительность", "продолжительность", "planned minutes"),
        kind=Kind.MINUTES,
        least=1,
        most=LONGEST_MINUTES,
    ),
    Column(
        "format",
        labels("Нысаны", "Формат", "Format"),
        ("форматы", "кездесу нысаны", "форма проведения", "формат встречи"),
        kind=Kind.CHOICE,
        choices=FORMATS,
    ),
    Column(
        "broadcast",
        labels("Онлайн-трансляция", "Онлайн-трансляция", "Broadcast"),
        ("трансляция", "көрсетілім"),
        kind=Kind.CHOICE,
        choices=BROADCASTS,
    ),
    Column(
        "languages",
        labels("Тілі", "Язык", "Languages"),
        ("кездесу тілі", "тілдері", "язык встречи", "языки"),
        kind=Kind.CHOICE,
        choices=LANGUAGES,
    ),
    Column(
        "remarks",
        labels("Ескертпе", "Примечание", "Remarks"),
        ("ескерту", "ескертпелер", "примечания", "note"),
        kind=Kind.LINES,
        max_length=2000,
    ),
)
ON_SCREEN = (
    Column(
        "report_minutes",
        labels("Баяндама, мин", "Доклад, мин", "Minutes of the report"),
        ("баяндама уақыты", "время доклада", "доклад", "баяндама"),
        kind=Kind.MINUTES,
        least=0,
        most=LONGEST_MINUTES,
    ),
    Column(
        "broadcast_note",
        labels(
            "Трансляция мекенжайы немесе болмау себебі",
            "Адрес трансляции или причина отсутствия",
            "Address of the broadcast or reason",
        ),
        ("трансляция мекенжайы", "адрес трансляции", "ссылка на трансляцию"),
        max_length=300,
    ),
    Column(
        "off_calendar",
        labels("Күнтізбеден тыс", "Вне календаря", "Outside the calendar"),
        ("күнтізбеден тыс кездесу", "встреча вне календаря"),
        kind=Kind.FLAG,
    ),
    Column(
        "line",
        labels("2-тармақ 1) тармақшасының жолы", "Строка пп. 1) п. 2", "Line of para 2 (1)"),
        ("жолы", "норма жолы", "строка", "line"),
        max_length=100,
    ),
    Column(
        "period",
        labels("Кезеңі", "Период", "Period"),
        ("мерзімі", "срок"),
        max_length=100,
    ),
    Column("state", labels("Күйі", "Состояние", "State"), ("жағдайы", "статус"), max_length=100),
    Column(
        "holder_code",
        labels("Әкім аумағының ӘАОЖ коды", "Код КАТО территории акима", "KATO code of the akim's unit"),
        ("әкім коды", "әкім аумағының ҚАТО коды", "код акима", "код КАТО акима", "КАТО акима", "holder code"),
        kind=Kind.CODE,
        fill_down=True,
    ),
    Column(
        "place_code",
        labels("Кездесу аумағының ӘАОЖ коды", "Код КАТО территории встречи", "KATO code of the place"),
        (
            "аумақ коды",
            "орын коды",
            "ҚАТО коды",
            "ӘАОЖ коды",
            "код места",
            "код территории",
            "КАТО",
            "код КАТО",
            "place code",
        ),
        kind=Kind.CODE,
    ),
)
COLUMNS = PRINTED + ON_SCREEN
#: Columns that tell and are never taken over: they follow from the others or belong to the verbs.
TELLING = ("line", "period", "state")

TEMPLATE = Template(
    mark=MARK,
    sheet_names=labels("Күнтізбе", "Календарь", "Calendar"),
    columns=COLUMNS,
    sheet_aliases=("Күнтізбе – Календарь", "Календарь – Күнтізбе"),
)
COLUMN = {column.key: column for column in COLUMNS}


def two_languages(texts: Labels, language: str, joint: str = "\n") -> str:
    """Both state languages in one cell, the reader's first; once where they are the same."""
    first, second = ("ru", "kk") if language == "ru" else ("kk", "ru")
    return texts[first] if texts[first] == texts[second] else f"{texts[first]}{joint}{texts[second]}"


def choice_label(choices: tuple[Choice, ...], value: str, language: str) -> str:
    """A value of a list as the table writes it; the value itself where the list does not know it."""
    return next((choice.labels[language] for choice in choices if choice.value == value), value)


def label_language(language: str | None) -> str:
    """The language of names and lists in a table: official papers are Kazakh or Russian."""
    return "ru" if (language or "kk")[:2] == "ru" else "kk"
