"""Spelling of names for sorting, searching and finding the same one twice (E5)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

DROPPED = re.compile(r"[.'’`\"׳״]")
NOT_WORD = re.compile(r"[^\w@+]+|_+")
NUMBER = re.compile(r"[\d\s+()./-]+")  # what a phone number is written with
# Italy; Romania; Israel; Germany, France, the English-speaking world and their neighbours.
LEGAL_FORMS = frozenset(
    {"spa", "srl", "srls", "srlu", "snc", "sas", "sapa", "sa", "soc", "coop", "scarl", "scrl", "ss"}
    | {"sc", "sca", "scs", "pfa", "ii"}
    | {"בעמ", "עמ", "חלצ"}
    | {"gmbh", "ag", "kg", "ohg", "ug", "ltd", "llc", "llp", "plc", "inc", "corp", "co", "sarl"}
    | {"eurl", "bv", "nv", "oy", "ab", "as", "aps", "kft", "doo", "zrt"}
)
LEADING_FORMS = frozenset({"sc"})  # Romania: "SC Termoclima SRL"
# Letters that Unicode does not take apart.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
# Marks of terms that say who it is, and not only what words it has; no word begins with one.
WHOLE, TAX, PHONE = "=", "%", "+"
SHORT = 2  # letters: so many terms begin like that, that an index is little help
LONGEST_WORD = 200
SHORTEST_TAX_ID, SHORTEST_PHONE, PHONE_DIGITS = 5, 6, 9
MOST_WORDS = 8  # of a query: more say nothing new


def fold(text: str) -> str:
    """Case and accents removed: "Știința" → "stiinta"; Hebrew letters stay, points go."""
    if text.isascii():  # nearly all of them, and twenty times as quick
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(LETTERS)


def norm(text: str) -> str:
    """The words of a text as they are compared: "F.I.A.T. S.p.A." and "f i a t spa" → "fiat spa".

    Dots and quotes vanish, other punctuation parts words, single letters in a row are one word.
    """
    words: list[str] = []
    is_spelled = False  # was the last word made of single letters?
    for word in NOT_WORD.sub(" ", DROPPED.sub("", fold(text.replace("\0", "")))).split():
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and is_spelled:
            words[-1] += word
        else:
            words.append(word)
        is_spelled = is_letter
    return " ".join(words)


def core(name: str) -> str:
    """The name without its legal form: "fiat" for all of the above; never less than a word."""
    words = norm(name).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] in LEADING_FORMS:
        words.pop(0)
    return " ".join(words)


def squash(name: str) -> str:
    """The core without spaces: "So Clinic" and "SoClinic" are the same."""
    return core(name).replace(" ", "")


def sort_key(name: str) -> str:
    """What human eyes sort by, at most 200 characters."""
    return " ".join(NOT_WORD.sub(" ", DROPPED.sub("", fold(name))).split())[:200] or "~"


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def tax_key(number: str) -> str:
    """A VAT id or tax code as it is compared: "IT 01234567890" and "01234567890" are the same,
    "RSSMRA80A01H501U" stays as it is. "" for what is too short to tell anybody apart."""
    bare = re.sub(r"[^0-9a-z]", "", fold(number))
    if bare[:2].isalpha() and bare[2:].isdigit():
        bare = bare[2:]
    return bare[:LONGEST_WORD] if len(bare) >= SHORTEST_TAX_ID else ""


def phone_key(number: str) -> str:
    """A phone as it is compared: its last nine digits, so that "+39 055 123 4567", "0039055…" and
    "055/1234567" are the same. "" for what is too short to tell anybody apart."""
    whole = digits(number)
    return whole[-PHONE_DIGITS:] if len(whole) >= SHORTEST_PHONE else ""


def mail_key(address: str) -> str:
    """An e-mail address as it is compared; it is one word of the search."""
    return norm(address).replace(" ", "")[:LONGEST_WORD]


def search_terms(
    names: Iterable[str] = (),
    *,
    codes: Iterable[str] = (),
    tax_ids: Iterable[str] = (),
    mails: Iterable[str] = (),
    phones: Iterable[str] = (),
) -> set[str]:
    """All words by whose beginning a record is found, and the marked ones that say who it is.

    A name or a code gives its words and, marked, itself without spaces; an e-mail its domain, too;
    what has digits (phone, tax id) those digits, also without the country's prefix, and marked
    what it is compared by.
    """
    tax_ids, phones = list(tax_ids), list(phones)
    terms: set[str] = set()
    for name in (*names, *codes):
        if bare := squash(name):
            terms |= {*norm(name).split(), f"{WHOLE}{bare}"}
    for mail in mails:
        words = norm(mail).split()
        terms |= {*words, mail_key(mail), *(w.partition("@")[2] for w in words if "@" in w)}
    for number in tax_ids:
        terms |= set(norm(number).split())
        if key := tax_key(number):
            terms.add(f"{TAX}{key}")
    for number in (*tax_ids, *phones):
        whole = digits(number)
        terms |= {whole, whole.lstrip("0"), whole[2:], whole[3:]}
    terms |= {f"{PHONE}{key}" for key in map(phone_key, phones) if key}
    return {term[:LONGEST_WORD] for term in terms if term}


def search_vector(terms: Iterable[str]) -> str:
    """The terms as Postgres writes a `tsvector`: in the order of their bytes."""
    return " ".join(f"'{term}'" for term in sorted(set(terms), key=str.encode))


def search_words(text: str) -> list[str]:
    """The words of a query, spelled as `search_terms` spells them; a phone number is one word."""
    if NUMBER.fullmatch(text) and len(digits(text)) > 1:
        return [digits(text)[:LONGEST_WORD]]
    return [word[:LONGEST_WORD] for word in norm(text).split()[:MOST_WORDS]]


def search_query(text: str, *, words: Sequence[str] | None = None) -> str:
    """What finds `text`, as a `tsquery`: every word begins one of the terms, or the whole is a
    name but for its spaces and legal form. `words` are those to look for, if not all; "" for none.
    """
    asked = search_words(text) if words is None else words
    every = " & ".join(f"'{word}':*" for word in asked)
    bare = squash(text)[: LONGEST_WORD - len(WHOLE)]
    return f"{every} | '{WHOLE}{bare}'" if every and bare else every
