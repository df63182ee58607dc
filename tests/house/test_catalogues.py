"""Four languages, whole: nothing missing, nothing fuzzy, nothing stale, compiled as committed."""

import ast
import contextlib
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tests.house.routes import ROOMS

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
LOCALE = Path(settings.BASE_DIR) / "locale"


def catalogue(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_message_is_missing_or_fuzzy(code: str) -> None:
    with catalogue(code).open("rb") as file:
        messages = [message for message in read_po(file, locale=code) if message.id]
    assert len(messages) > 500
    plural = [message.string if message.pluralizable else (message.string,) for message in messages]
    missing = [m.id for m, forms in zip(messages, plural, strict=True) if not all(forms)]
    assert missing == []
    assert [message.id for message in messages if message.fuzzy] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_compiled_is_what_is_written(code: str, tmp_path: Path) -> None:
    made = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check", "-o", made, catalogue(code)], check=True)
    assert made.read_bytes() == catalogue(code).with_suffix(".mo").read_bytes()


def test_every_sentence_of_the_code_is_in_the_catalogues(tmp_path: Path) -> None:
    """Gathers anew in a copy and compares: a sentence added without its translation fails."""
    root = Path(settings.BASE_DIR)
    for name in (*ROOMS, "templates"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "locale").mkdir()
    gathered = gather(tmp_path)
    for code in LANGUAGES:
        with catalogue(code).open("rb") as file:
            known = {(message.id, message.context) for message in read_po(file, locale=code)}
        assert gathered - known == set(), code


def gather(folder: Path) -> set[tuple[object, str | None]]:
    with contextlib.chdir(folder), override_settings(LOCALE_PATHS=[folder / "locale"]):
        call_command("makemessages", locale=["it"], no_location=True, symlinks=True, verbosity=0)
    with (folder / "locale" / "it" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {(message.id, message.context) for message in read_po(file, locale="it")}


def test_no_sentence_hides_in_an_f_string() -> None:
    """xgettext does not look into them, so what is said there is never gathered."""
    speaking = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    hidden = []
    for path in (path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("*.py")):
        for string in ast.walk(ast.parse(path.read_text())):
            if isinstance(string, ast.JoinedStr):
                hidden += [
                    f"{path}:{node.lineno}"
                    for node in ast.walk(string)
                    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in speaking
                ]
    assert hidden == []
