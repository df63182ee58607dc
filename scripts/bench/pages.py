"""Which pages are measured, and what the budgets ask of each."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.client import Answer, Browser, Fields, fields_of
from bench.databases import Stock

PASSWORD = "bench-password"  # noqa: S105 - of invented people
AGENT = "bench7"
LIST = "/contacts/"
EMPTY = "/bench/empty/"
SIGN_OUT = "/account/logout/"
DEEP = 50_000
MOST_RATIO = 2.5
SEARCH_FRAMES = 3.0
Act = Callable[[Browser, bool], Answer]


@dataclass(frozen=True)
class Page:
    name: str
    act: Act  # do it once; True: ask for its SQL
    most_statements: int | None = None
    most_bytes: int | None = None
    most_ratio: float = MOST_RATIO  # of its median to its floor
    status: int = 200
    most_frames: float | None = None  # its median over that of an empty frame page, at every size
    hashes: int = 0  # passwords checked, slow by design: part of the floor
    crowd: Callable[[int], Act] | None = None  # what each of several at once does, if not the same
    is_data: bool = False  # JSON: the floor has its encoding and all its SQL instead of the frame


def contact_pages(cursor: Any, stock: Stock) -> list[Page]:
    """Needs the database to find a deep cursor, a person to filter by and words to search."""
    facts = Samples(cursor, stock.companies)
    addresses = {
        "list": LIST,
        "list by name, down": f"{LIST}?sort=-name",
        "list by city": f"{LIST}?sort=city",
        "list by city, down": f"{LIST}?sort=-city",
        "list by code, down": f"{LIST}?sort=-number",
        "list by last change": f"{LIST}?sort=updated_at",
        "list by last change, down": f"{LIST}?sort=-updated_at",
        "list of leads": f"{LIST}?tab=leads",
        "list of people": f"{LIST}?tab=people",
        "list, one category": f"{LIST}?categories={facts.category}",
        "list, one area": f"{LIST}?areas={facts.area}",
        "list, one owner": f"{LIST}?owner={facts.owner}",
        "list, one tag": f"{LIST}?tags={facts.tag}",
        "list, one city": f"{LIST}?city=Lecco",
        "list, deep": f"{LIST}?after={facts.deep('sort_name')}",
        "list, deep, by last change": f"{LIST}?sort=-updated_at&after={facts.deep('updated_at')}",
        "search, many hits": f"{LIST}?q=panificio",
        "search, a name": f"{LIST}?q={facts.last}",
        "search, two words": f"{LIST}?q=hotel+{facts.last}",
        "search, a code": f"{LIST}?q={facts.number}",
        "search, nothing": f"{LIST}?q=zzyzxq",
        "search, two letters": f"{LIST}?q=br",
        "trash": "/trash/contact/",
        "tags to choose from": "/lookup/tag/?q=a",
    }
    found = [
        Page(name, opening(address), most_statements=8, most_bytes=60 * 1024)
        for name, address in addresses.items()
    ]
    searches = {
        "search page, hits": (f"/search/?q={facts.last}", False),
        "search box, hits": (f"/search/?q={facts.last}", True),
        "search box, a code": (f"/search/?q={facts.number}", True),
        "search box, many hits": ("/search/?q=panificio", True),
        "search box, two letters": ("/search/?q=br", True),
        "search box, near misses": ("/search/?q=panifico+braemni", True),
        "search box, nothing": ("/search/?q=zzyzxq", True),
        "search, picker": (f"/lookup/company/?q={facts.last}", False),
        "search, picker, near misses": ("/lookup/company/?q=panifico", False),
    }
    found += [
        Page(name, opening(address, is_partial=is_partial), most_frames=SEARCH_FRAMES)
        for name, (address, is_partial) in searches.items()
    ]
    card = f"{LIST}{facts.card}/"
    large = {"most_statements": 15, "most_ratio": 3.0}
    return [
        *found,
        Page("card", opening(card), most_statements=12),
        Page("history of a card", opening(f"/history/contact/{facts.card}/"), most_statements=12),
        Page("card of a large customer", opening(f"{LIST}{facts.big}/"), **large),
        Page("history of a large customer", opening(f"/history/contact/{facts.big}/"), **large),
        Page("edit form", opening(f"{LIST}{facts.mine[0]}/edit/")),
        Page(
            "save",
            Saving(facts.mine[0]),
            status=302,
            crowd=lambda place: Saving(facts.mine[1 + place]),
        ),
        Page("sign-in", sign_in, status=302, hashes=1),
    ]


def opening(address: str, *, is_partial: bool = False) -> Act:
    return lambda browser, ask: browser.get(address, ask=ask, is_partial=is_partial)


def sign_in(browser: Browser, ask: bool) -> Answer:
    """And out again, or fifty sessions would be looked through at the end as nobody has them."""
    answer = browser.sign_in(AGENT, PASSWORD, ask=ask)
    browser.post(SIGN_OUT, [])
    return answer


class Saving:
    """Every time another note: each save is a change."""

    def __init__(self, pk: int) -> None:
        self.address, self.count = f"{LIST}{pk}/edit/", 0
        self.fields: Fields = []

    def __call__(self, browser: Browser, ask: bool) -> Answer:
        if not self.fields:
            self.fields = fields_of(browser.get(self.address).text, "version")
        self.count += 1
        fields = [
            (name, f"Note {self.count}" if name == "notes" else value)
            for name, value in self.fields
        ]
        answer = browser.post(self.address, fields, ask=ask)
        self.fields = [
            (name, str(int(value) + 1) if name == "version" else value)
            for name, value in self.fields
        ]
        return answer


class Samples:
    def __init__(self, cursor: Any, size: int) -> None:
        self.cursor, self.size = cursor, size
        self.agent = self._one("SELECT id FROM accounts_user WHERE username = %s", AGENT)
        self.owner = self._one("SELECT id FROM accounts_user WHERE username = 'bench9'")
        self.category = self._one("SELECT id FROM contacts_category WHERE name_en = 'Cold rooms'")
        self.area = self._one("SELECT id FROM contacts_area WHERE name_en = 'Lombardy'")
        self.tag = self._one("SELECT id FROM records_tag ORDER BY id LIMIT 1")
        own = (
            "SELECT min(id) FROM contacts_contact"
            " WHERE NOT is_restricted AND trashed_at IS NULL AND type = 'company'"
        )
        self.card = self._one(f"{own} AND id >= %s", size // 2)
        self.big = self._one(
            "SELECT company_id FROM contacts_employment GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        mine = own.replace("min(id)", "id") + " AND owner_id = %s ORDER BY id LIMIT 20"
        self.cursor.execute(mine, [self.agent])
        self.mine = [row[0] for row in self.cursor.fetchall()]
        self.last = "braemini"
        self.number = f"C-{size:05}"  # the beginning of no other

    def _one(self, sql: str, *values: Any) -> Any:
        self.cursor.execute(sql, values)
        return self.cursor.fetchone()[0]

    def deep(self, column: str) -> str:
        """The cursor of the page after row 50,000 of the list (or after half of a small one)."""
        down = "DESC" if column == "updated_at" else "ASC"
        self.cursor.execute(
            f"""SELECT {column}, id FROM contacts_contact
            WHERE type = 'company' AND stage = 'customer' AND trashed_at IS NULL
              AND NOT is_restricted
            ORDER BY {column} {down}, id {down} OFFSET %s LIMIT 1""",
            [min(DEEP, self.size // 3)],
        )
        value, pk = self.cursor.fetchone()
        value = value.isoformat() if hasattr(value, "isoformat") else value
        text = json.dumps(["a", value, pk], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
