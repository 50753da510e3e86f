"""The words of an announcement: the day, the hour, the place, the akim and how to ask, in Kazakh and Russian."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from calendars.models import Meeting
from journal import dates

LANGUAGES = ("kk", "ru")


def public_address(meeting: Meeting, language: str) -> str:
    """The public page of the meeting in a language, else the page of its village."""
    with override(language):
        for name, args in (("public:meeting", [meeting.pk]), ("public:unit", [meeting.place.code])):
            try:
                return settings.SITE_URL + reverse(name, args=args)
            except NoReverseMatch:
                continue
    return settings.SITE_URL


def ask_address(meeting: Meeting, language: str) -> str:
    """Where anybody asks a question before the meeting."""
    with override(language):
        try:
            return settings.SITE_URL + reverse("ask:form", args=[meeting.pk])
        except NoReverseMatch:
            return public_address(meeting, language)


def day_words(meeting: Meeting, language: str) -> str:
    day = f"{dates.long_date(meeting.date, lang=language)}, {dates.weekday(meeting.date, lang=language)}"
    return f"{day}, {meeting.time:%H:%M}" if meeting.time else day


def hall(meeting: Meeting, language: str) -> str:
    """The hall in the language: an address written "kk / ru" is taken apart."""
    kk, slash, ru = meeting.address.partition(" / ")
    return (ru if language == "ru" and slash else kk).strip()


def akim_words(meeting: Meeting, language: str) -> str:
    """ "Akim of …" as announcements name him."""
    name = meeting.holder.name(language)
    return f"{name} әкімі" if language == "kk" else f"Аким: {name}"


def draft(meeting: Meeting) -> dict[str, str]:
    """A first wording in both languages, to be edited by the office."""
    place_kk = ", ".join(filter(None, (meeting.place.name("kk"), hall(meeting, "kk"))))
    place_ru = ", ".join(filter(None, (meeting.place.name("ru"), hall(meeting, "ru"))))
    kk = (
        f"Құрметті тұрғындар!\n\n{akim_words(meeting, 'kk')} халықпен кездесу өткізеді.\n\n"
        f"Күні мен уақыты: {day_words(meeting, 'kk')}\nӨтетін жері: {place_kk}\n\n"
        "Кездесуге барлық тілек білдірушілерді шақырамыз. Сұрақтар мен ұсыныстарды алдын ала қалдыруға болады: "
        f"{ask_address(meeting, 'kk')}"
    )
    ru = (
        f"Уважаемые жители!\n\n{akim_words(meeting, 'ru')} проводит встречу с населением.\n\n"
        f"Дата и время: {day_words(meeting, 'ru')}\nМесто проведения: {place_ru}\n\n"
        "Приглашаем всех желающих. Вопросы и предложения можно оставить заранее: "
        f"{ask_address(meeting, 'ru')}"
    )
    return {"text_kk": kk, "text_ru": ru}
