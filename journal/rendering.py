"""Renders the three texts of a letter. A hole in the text is an error, not an empty place.

Pages forgive a variable that is missing; a statutory letter must not. So notices have an engine of
their own in which `{{ name }}` raises when nothing of that name was given. What may be absent is
asked for: `{% if name %}`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.template import Context, TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.utils import timezone, translation


class MissingValue(LookupError):
    """A template of a notice names something that its caller did not give."""


class _Missing(str):
    """What Django puts where a variable has no value; here it refuses to be put anywhere."""

    __slots__ = ()

    def __mod__(self, name):
        raise MissingValue(f"the template uses {{{{ {name} }}}}, which was not given")

    def __str__(self):
        raise MissingValue("the template reads a related object that does not exist")

    __html__ = __str__


@dataclass(frozen=True)
class Texts:
    """A letter in words: one line of subject, plain text, and HTML (may be empty)."""

    subject: str
    text: str
    html: str


def render(template: str, context: Mapping[str, Any], *, language: str) -> Texts:
    """Render `notices/<template>/subject.txt`, `body.txt` and, where it exists, `body.html`.

    Raises TemplateDoesNotExist, MissingValue, or whatever the template raises: the caller's
    transaction fails, not the mailing.
    """
    values = {"site_url": settings.SITE_URL, "language": language, **context}
    folder = f"notices/{template}"
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        subject = _plain(f"{folder}/subject.txt", values)
        text = _plain(f"{folder}/body.txt", values)
        html = _html(f"{folder}/body.html", values)
    return Texts(" ".join(subject.split()), _tidy(text), html)


def _plain(name: str, values: Mapping[str, Any]) -> str:
    return _engine(autoescape=False).get_template(name).template.render(Context(values, autoescape=False))


def _html(name: str, values: Mapping[str, Any]) -> str:
    try:
        template = _engine(autoescape=True).get_template(name).template
    except TemplateDoesNotExist as missing:
        if missing.args and missing.args[0] == name:
            return ""
        raise
    return template.render(Context(values)).strip()


def _tidy(text: str) -> str:
    """Tags leave empty lines behind; a reader sees at most one between paragraphs."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


@lru_cache(maxsize=2)
def _engine(*, autoescape: bool) -> DjangoTemplates:
    """Django's own engine with the installation's folders and tags, but strict."""
    params: dict[str, Any] = {"DIRS": [], "APP_DIRS": False, "OPTIONS": {}, **copy.deepcopy(settings.TEMPLATES[0])}
    params.pop("BACKEND")
    params["NAME"] = f"notices-{'html' if autoescape else 'text'}"
    options = params["OPTIONS"]
    options.pop("context_processors", None)
    options["autoescape"] = autoescape
    options["string_if_invalid"] = _Missing("%s")
    return DjangoTemplates(params)


def _forget_engines(*, setting, **kwargs):
    if setting == "TEMPLATES":
        _engine.cache_clear()


setting_changed.connect(_forget_engines)
