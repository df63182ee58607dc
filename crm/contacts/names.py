"""Spelling of names for sorting and searching."""

import re
import unicodedata

DROPPED = re.compile(r"[.'’`\"׳״]")
NOT_WORD = re.compile(r"[^\w@+]+")


def fold(text: str) -> str:
    """Case and accents removed: "Știința" → "stiinta"; Hebrew letters stay, points go."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def sort_key(name: str) -> str:
    """What human eyes sort by, at most 200 characters."""
    return " ".join(NOT_WORD.sub(" ", DROPPED.sub("", fold(name))).split())[:200] or "~"


def search_words(text: str) -> list[str]:
    """The words of a query, spelled as `search_text` spells them; at most eight count."""
    words = NOT_WORD.sub(" ", DROPPED.sub("", fold(text.replace("\0", "")))).split()
    return words[:8]


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def search_text(*parts: str, numbers: tuple[str, ...] = ()) -> str:
    """One line with a space before every word; phone numbers also as digits without the prefix,
    so that `LIKE '% word%'` on a trigram index finds any of them from its start."""
    words: dict[str, None] = {}
    for part in parts:
        words |= dict.fromkeys(NOT_WORD.sub(" ", DROPPED.sub("", fold(part))).split())
        # "a.rossi@x.it" loses its dots above; keep the domain findable on its own
        words |= dict.fromkeys(word.partition("@")[2] for word in list(words) if "@" in word)
    for number in numbers:
        whole = digits(number)
        words |= dict.fromkeys((whole, whole.lstrip("0"), whole[2:], whole[3:]))
    return " " + " ".join(word for word in words if word)
