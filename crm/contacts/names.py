"""Spelling of names for sorting, searching and finding the same one twice (E5)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

DROPPED = re.compile(r"[.'’`\"׳״]")
NOT_WORD = re.compile(r"[^\w@+]+|_+")
NUMBER = re.compile(r"[\d\s+()./-]+")  # what a phone number is written with
# The same two for plain letters, three times as quick.
SPACED: dict[int, str | None] = {
    **{code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "@+")},
    **dict.fromkeys(map(ord, ".'`\"")),
}
NOT_DIGIT, NOT_OF_TAX_ID = re.compile(r"\D"), re.compile(r"[^0-9a-z]")
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
DOUBLED = re.compile(r"(.)\1+")
NEAR_LETTERS = 8  # that typing errors are looked for in, from a word's beginning
SHORTEST_NEAR = 4  # letters: of three, any other three are an error away
FEW_DIGITS = 4  # so many numbers begin like that, that an index is little help
INTERNATIONAL = re.compile(r"\s*(?:\+|00)")
COUNTRY_DIGITS = 3


def fold(text: str) -> str:
    """Case and accents removed: "Știința" → "stiinta"; Hebrew letters stay, points go."""
    if text.isascii():  # nearly all of them, and twenty times as quick
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(LETTERS)


def _spaced(text: str) -> str:
    """Folded, without dots and quotes, and with spaces instead of other punctuation."""
    folded = fold(text)
    if folded.isascii():
        return folded.translate(SPACED)
    return NOT_WORD.sub(" ", DROPPED.sub("", folded))


@lru_cache(maxsize=20_000)  # an import asks several times for the words of a row
def norm(text: str) -> str:
    """The words of a text as they are compared: "F.I.A.T. S.p.A." and "f i a t spa" → "fiat spa".

    Dots and quotes vanish, other punctuation parts words, single letters in a row are one word.
    """
    words: list[str] = []
    is_spelled = False  # was the last word made of single letters?
    for word in _spaced(text.replace("\0", "")).split():
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and is_spelled:
            words[-1] += word
        else:
            words.append(word)
        is_spelled = is_letter
    return " ".join(words)


@lru_cache(maxsize=10_000)
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


@lru_cache(maxsize=10_000)
def sort_key(name: str) -> str:
    """What human eyes sort by, at most 200 characters."""
    return " ".join(_spaced(name).split())[:200] or "~"


def first_and_last(name: str) -> tuple[str, str]:
    """The two names of a person, as far as one can tell."""
    first, _gap, last = name.strip().rpartition(" ")
    return first[:100].strip(), last[:100]


def digits(number: str) -> str:
    return NOT_DIGIT.sub("", number)


@lru_cache(maxsize=10_000)
def tax_key(number: str) -> str:
    """A VAT id or tax code as it is compared: "IT 01234567890" and "01234567890" are the same,
    "RSSMRA80A01H501U" stays as it is. "" for what is too short to tell anybody apart."""
    _country, bare = _parted_tax_id(number)
    return bare[:LONGEST_WORD] if len(bare) >= SHORTEST_TAX_ID else ""


def tax_country(number: str) -> str:
    """The country that a VAT id begins with: "GB 123456789" is nobody's of "RO123456789"."""
    country, _bare = _parted_tax_id(number)
    return "el" if country == "gr" else country  # Greece writes both


def _parted_tax_id(number: str) -> tuple[str, str]:
    bare = NOT_OF_TAX_ID.sub("", fold(number))
    has_country = bare[:2].isalpha() and bare[2:].isdigit()
    return (bare[:2], bare[2:]) if has_country else ("", bare)


def phone_key(number: str) -> str:
    """A phone as it is compared: its last nine digits, so that "+39 055 123 4567", "0039055…" and
    "055/1234567" are the same. "" for what is too short to tell anybody apart."""
    whole = digits(number)
    return whole[-PHONE_DIGITS:] if len(whole) >= SHORTEST_PHONE else ""


def mail_key(address: str) -> str:
    """An e-mail address as it is compared; it is one word of the search."""
    return norm(address).replace(" ", "")[:LONGEST_WORD]


def name_term(name: str) -> str:
    """The marked word of whoever is called so, but for spaces and legal form; "" for none."""
    return _marked(WHOLE, squash(name))


def tax_term(number: str) -> str:
    return _marked(TAX, tax_key(number))


def phone_term(number: str) -> str:
    return _marked(PHONE, phone_key(number))


def _marked(mark: str, key: str) -> str:
    return f"{mark}{key}"[:LONGEST_WORD] if key else ""


@lru_cache(maxsize=50_000)
def near_keys(word: str) -> frozenset[str]:
    """The beginning of a word, and what is left of it without one of its letters. Two words that
    share one of these differ by a letter that is wrong, missing, added or swapped: "panifico" and
    "panificio", "itlia" and "italia". Double letters count once. Short words and numbers have no
    errors: they are themselves.
    """
    if len(word) < SHORTEST_NEAR or not word.isalpha():
        return frozenset({word[:LONGEST_WORD]})
    start = near_start(word)
    shorter = (start[:place] + start[place + 1 :] for place in range(len(start)))
    return frozenset({start, *filter(None, shorter)})


def near_start(word: str) -> str:
    return DOUBLED.sub(r"\1", word)[:NEAR_LETTERS]


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
    what has digits (phone, tax id) those digits, a phone also without its country's prefix, and
    marked what it is compared by.
    """
    terms: set[str] = set()
    for name in (*names, *codes):
        if term := name_term(name):
            terms |= {*norm(name).split(), term}
    for mail in mails:
        words = norm(mail).split()
        terms |= {*words, mail_key(mail), *(w.partition("@")[2] for w in words if "@" in w)}
    for number in tax_ids:
        terms |= {*norm(number).split(), tax_term(number)}
        terms |= {whole := digits(number), whole.lstrip("0")}
    for number in phones:
        whole = digits(number)
        whole = whole[2:] if whole.startswith("00") else whole  # another way to write the plus
        terms |= {whole, whole.lstrip("0"), whole[2:], whole[3:], phone_term(number)}
    return {term[:LONGEST_WORD] for term in terms if term}


def near_terms(names: Iterable[str]) -> set[str]:
    """All that typing errors leave of the words of names."""
    return set[str]().union(*(near_keys(word) for name in names for word in core(name).split()))


def search_vector(terms: Iterable[str]) -> str:
    """The terms as Postgres writes a `tsvector`: in the order of their bytes, which is the one of
    their characters."""
    return "'" + "' '".join(found) + "'" if (found := sorted(set(terms))) else ""


def vectors_of(contact: Any, mails: Iterable[str], phones: Iterable[str]) -> tuple[str, str]:
    """`search` and `near` of a contact: of the model itself, or of what a migration has of it."""
    names = (contact.name, *contact.aliases)
    terms = search_terms(
        names,
        codes=(contact.number or "", *contact.former_numbers),
        tax_ids=(contact.vat_id, contact.tax_code),
        mails=mails,
        phones=phones,
    )
    return search_vector(terms), search_vector(near_terms(names))


def search_words(text: str) -> list[str]:
    """The words of a query, spelled as `search_terms` spells them; a phone number is one word."""
    if NUMBER.fullmatch(text) and len(digits(text)) > 1:
        return [digits(text)[:LONGEST_WORD]]
    words = (word.lstrip("@")[:LONGEST_WORD] for word in norm(text).split())
    return [word for word in words if word][:MOST_WORDS]


def is_short(word: str) -> bool:
    """Do so many terms begin like that, that an index is little help?"""
    return len(word) <= (FEW_DIGITS if word.isdecimal() else SHORT)


def begins(word: str) -> str:
    return f"'{word}':*"


def begins_or_is_near(word: str) -> str:
    """What `word` begins, and what is a typing error away from it, among `near_terms`."""
    return " | ".join([begins(near_start(word)), *(f"'{key}'" for key in sorted(near_keys(word)))])


def whole_terms(text: str) -> list[str]:
    """Other ways in which a term may be the whole of `text`: a name or code without spaces; a
    number without its country's prefix, "+39 055 12" → "05512"."""
    return [way for way in (*map(begins, _national(text)), name_query(text)) if way]


def _national(text: str) -> list[str]:
    if not (NUMBER.fullmatch(text) and INTERNATIONAL.match(text)):
        return []
    whole = digits(text)[:LONGEST_WORD]
    whole = whole if "+" in text else whole.removeprefix("00")
    forms = (whole[count:] for count in range(COUNTRY_DIGITS + 1))
    return [form for form in forms if len(form) > FEW_DIGITS]


def answers(terms: set[str], text: str, *, any_word: bool = False) -> bool:
    """Are these the terms by which `text` finds a record: all of them, or some of its words?"""
    keys = {key.strip("'") for key in f"{key_query(text)} | {name_query(text)}".split(" | ")}
    if keys & terms:
        return True
    words: list[tuple[str, ...]] = [(word,) for word in search_words(text)]
    if forms := _national(text):
        words = [(*words[0], *forms)]
    enough = any if any_word else all
    return enough(any(term.startswith(word) for term in terms) for word in words)


def name_query(text: str) -> str:
    """What finds whoever is called `text`, but for spaces and legal form; "" for none."""
    term = name_term(text)
    return f"'{term}'" if term else ""


def key_query(text: str) -> str:
    """What finds whoever has the tax id, phone or e-mail `text`; "" if it is none."""
    keys = []
    if any(map(str.isdigit, text)):
        keys.append(tax_term(text))
    if NUMBER.fullmatch(text):
        keys.append(phone_term(text))
    if "@" in text and len(text.split()) == 1:
        keys.append(mail_key(text))
    return " | ".join(f"'{key}'" for key in keys if len(key) > 1)
