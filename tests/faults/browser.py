"""A person's browser, as much of it as the load process needs: cookies, forms, patience with a server that is down."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PATIENCE = 20.0
#: What the client says when it cannot know whether the server did what it was asked.
NO_ANSWER = (OSError, http.client.HTTPException)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """Status, where a redirection leads, and the body."""

    status: int
    location: str
    text: str

    @property
    def json(self):
        return json.loads(self.text)

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.text)
        value = re.search(r'value="([^"]*)"', found[0]) if found else None
        return value[1] if value else ""


class Browser:
    """One person with his cookies, or a program with its token. Each request is a connection of its own."""

    def __init__(self, port: int, token: str = ""):
        self.port = port
        self.token = token
        self.cookies: dict[str, str] = {"language": "en"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers.get("Location", ""), text)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def api(self, method: str, path: str, body: dict | None = None, version: int | None = None) -> Answer:
        headers = {"Content_Type": "application/json"}
        if version is not None:
            headers["If_Match"] = f'"{version}"'
        return self.ask(method, path, json.dumps(body or {}).encode(), **headers)

    def post(self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        """Send a form; the secret against forgery is the one of the cookie."""
        fields = fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        if not files:
            body = urlencode(fields).encode()
            return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, (title, data) in files.items():
            head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n'
            parts.append(head.encode() + b"Content-Type: application/pdf\r\n\r\n" + data + b"\r\n")
        body = b"".join(parts) + f"--{border}--\r\n".encode()
        return self.ask("POST", path, body, Content_Type=f"multipart/form-data; boundary={border}")

    def log_in(self, email: str, password: str) -> Answer:
        self.get("/accounts/login/")
        return self.post("/accounts/login/", {"login": email, "password": password})
