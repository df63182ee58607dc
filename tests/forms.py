"""What a browser would send if somebody opened a page and pressed Save."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.depth = 0  # inside <template>
        self.inside = False
        self.select: str | None = None
        self.first_option: str | None = None
        self.textarea: str | None = None
        self.text = ""

    def put(self, name: str | None, value: str) -> None:
        if name and self.inside and not self.depth:
            self.values.setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and "data-form" in given:
            self.inside = True
        elif tag == "template":
            self.depth += 1
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self.select, self.first_option = given.get("name"), None
        elif tag == "option" and self.select:
            self._option(given)
        elif tag == "textarea":
            self.textarea, self.text = given.get("name"), ""

    def _input(self, given: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self.put(given.get("name"), given.get("value") or ("on" if kind == "checkbox" else ""))

    def _option(self, given: dict[str, str | None]) -> None:
        value = given.get("value") or ""
        if self.first_option is None:
            self.first_option = value
        if "selected" in given:
            self.put(self.select, value)
            self.first_option = "chosen"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.depth -= 1
        elif tag == "textarea":
            self.put(self.textarea, self.text.removeprefix("\n").removeprefix("\r\n"))
        elif tag == "select":
            if self.first_option not in (None, "chosen"):
                self.put(self.select, str(self.first_option))
            self.select = None


def as_sent(page: str) -> dict[str, list[str]]:
    """{name: values} of the page's `form[data-form]`, as a browser would post it untouched."""
    form = _Form()
    form.feed(page)
    return form.values
