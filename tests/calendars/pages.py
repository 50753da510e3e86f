"""What the tests of the calendar's pages share: addresses, and reading a page."""

import json
import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

HTMX = {"HX-Request": "true"}
YEAR = 2027


def at(name: str, *args, unit=None, **query) -> str:
    """Address of a page of the calendar in 2027."""
    parts = {"year": YEAR, **({"unit": unit.pk} if unit else {}), **query}
    return f"{reverse(f'calendars:{name}', args=args)}?" + "&".join(f"{k}={v}" for k, v in parts.items())


def text_of(response) -> str:
    """The words of a page without its tags, spaces as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))).strip()


def queries(client, address: str, **headers) -> int:
    """How many queries a page asks; the first visit warms what is looked up once."""
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code == 200
    return len(captured)


def toast_of(response) -> dict:
    """What the toast of an answer to htmx says."""
    return json.loads(response["HX-Trigger"])["toast"]


def filled(form_response, **changed) -> dict:
    """What a browser would send back of the form of a page, with some fields changed."""
    html = form_response.content.decode()
    data = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        data[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', body)
        data[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.S):
        data[name] = unescape(body).strip()
    return {name: value for name, value in (data | changed).items() if value is not None}
