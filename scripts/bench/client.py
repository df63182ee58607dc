"""A browser as small as can be: one connection, cookies, gzip, forms."""

import gzip
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from bench.collector import ASK, TELL, read

Fields = list[tuple[str, str]]
SIGN_IN = "/account/login/"
JSON = "application/json"
IDLE = 3.0  # seconds; the server keeps a connection for five


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    body: bytes  # as sent
    headers: http.client.HTTPMessage

    @property
    def text(self) -> str:
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if is_packed else self.body).decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def statements(self) -> list[str]:
        return read(self.headers.get(TELL))


class Browser:
    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.cookies: dict[str, str] = {}
        self.used_at = 0.0

    def _connect(self) -> None:
        """Anew, before the clock runs, if the server may have hung up meanwhile."""
        if time.perf_counter() > self.used_at + IDLE:
            self.connection.close()
            self.connection.connect()

    def get(self, path: str, *, ask: bool = False, is_partial: bool = False) -> Answer:
        return self._send("GET", path, None, ask, {"HX-Request": "true"} if is_partial else {})

    def post(
        self, path: str, fields: Fields, *, ask: bool = False, is_data: bool = False
    ) -> Answer:
        token = self.cookies.get("csrftoken", "")
        sent = [field for field in fields if field[0] != "csrfmiddlewaretoken"]
        body = urlencode([*sent, ("csrfmiddlewaretoken", token)])
        return self._send("POST", path, body, ask, {"Accept": JSON} if is_data else {})

    def _send(
        self,
        method: str,
        path: str,
        body: str | None,
        ask: bool,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        headers = {
            "Accept": "text/html",
            **more,
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if ask:
            headers[ASK] = "1"
        self._connect()
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        self.used_at = time.perf_counter()
        seconds = self.used_at - began
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _sign, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, seconds, content, response.headers)

    def sign_in(self, username: str, password: str, *, ask: bool = False) -> Answer:
        """The posting of the form; the page with the form is not part of what is measured."""
        self.cookies.clear()
        fields = fields_of(self.get(SIGN_IN).text, "login")
        fields = [field for field in fields if field[0] not in ("login", "password")]
        fields += [("login", username), ("password", password)]
        return self.post(SIGN_IN, fields, ask=ask)


class Form(HTMLParser):
    """The fields of the form that has one called `holding`, as a browser would send them."""

    def __init__(self, holding: str) -> None:
        super().__init__()
        self.holding = holding
        self.found: Fields = []
        self.current: Fields = []
        self.area: str | None = None
        self.select = ""
        self.is_open = False  # the select has no answer yet: its first option is the answer

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attributes}
        name = facts.get("name", "")
        if tag == "form":
            self.current = []
        elif tag == "textarea":
            self.area = name
            self.current.append((name, ""))
        elif tag == "select":
            self.select, self.is_open = name, "multiple" not in facts
        elif tag == "option" and self.select:
            self._option(facts)
        elif tag == "input" and name:
            self._input(name, facts)

    def _option(self, facts: dict[str, str]) -> None:
        if self.is_open:
            self.current.append((self.select, facts.get("value", "")))
            self.is_open = False
        elif "selected" in facts:
            if self.current and self.current[-1][0] == self.select:
                self.current.pop()
            self.current.append((self.select, facts.get("value", "")))

    def _input(self, name: str, facts: dict[str, str]) -> None:
        kind = facts.get("type", "text")
        is_choice = kind in ("checkbox", "radio")
        if kind not in ("submit", "button", "file") and (not is_choice or "checked" in facts):
            self.current.append((name, facts.get("value", "on" if is_choice else "")))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            name, text = self.current[-1]
            self.current[-1] = (name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = ""
        elif tag == "form" and any(name == self.holding for name, _value in self.current):
            self.found = self.current


def fields_of(html: str, holding: str) -> Fields:
    form = Form(holding)
    form.feed(html)
    if not form.found:
        raise SystemExit(f"No form with a field “{holding}” on the page.")
    return form.found
