"""Which words of a text somebody looked for: <mark> around them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.utils.safestring import SafeString

from crm.contacts.names import norm, search_words
from crm.ui.renderer import escaped

# Words with the dots and quotes inside them: "F.I.A.T.", "L'Oréal", "בע״מ", "+39", "a@b.example".
PIECE = re.compile(r"[\w@+](?:[\w@+.'’`\"׳״]*[\w@+.])?")


def marked(text: str, asked: str) -> SafeString:
    """`text`, escaped, with those of its words marked that begin with a word of `asked`."""
    words, whole = _asked(asked), norm(text)
    if not any(word in whole for word in words):  # most of what is said beside a name
        return SafeString(escaped(text))
    parts, end = [], 0
    for start, stop in _spans(text):
        parts.append(escaped(text[end:start]))
        piece = escaped(text[start:stop])
        is_found = norm(text[start:stop]).startswith(words)
        parts.append(f"<mark>{piece}</mark>" if is_found else piece)
        end = stop
    return SafeString("".join([*parts, escaped(text[end:])]))


@lru_cache(maxsize=256)
def _asked(words: str) -> tuple[str, ...]:
    return tuple(search_words(words))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words are; single letters in a row are one: "F I A T"."""
    run: list[tuple[int, int]] = []
    for piece in PIECE.finditer(text):
        if len(norm(piece.group())) == 1 and piece.group()[0].isalpha():
            run.append(piece.span())
            continue
        yield from _joined(run)
        run = []
        yield piece.span()
    yield from _joined(run)


def _joined(run: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if run:
        yield run[0][0], run[-1][1]
