"""400 companies: those everybody remembers and the many others."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.contacts.models import (
    Address,
    Area,
    Category,
    Channel,
    Contact,
    Email,
    Phone,
    ProductGroup,
)
from crm.demo import taxes
from crm.demo.drafts import Draft
from crm.demo.profile import by_key
from crm.demo.reach import address, landline, mobile, owners_by_language
from crm.demo.words.firms import FANCY, HEBREW_PATTERNS, PATTERNS, TRADE_CATEGORIES
from crm.demo.words.lists import AREAS, CATEGORIES, CATEGORY_GROUPS, PRODUCT_GROUPS, TAGS_OF
from crm.demo.words.names import FIRST_MEN, HEBREW_LAST, LAST
from crm.demo.words.places import STREETS, TOWNS
from crm.demo.words.special import SPECIALS, Special
from crm.demo.words.talk import CARD_NOTES
from crm.demo.world import World, slug
from crm.records.models import CustomFieldOption, Tag

COUNTS = {"it": 212, "ro": 100, "he": 58, "en": 30}
STAGES = (("customer", 70), ("lead", 14), ("supplier", 7), ("former", 9))
MINUTES_A_DAY = 24 * 60


@dataclass
class Shelf:
    """The rows that contacts choose from."""

    categories: dict[str, Any]
    areas: dict[str, Any]
    groups: dict[str, Any]
    tags: dict[str, Tag]
    answers: dict[str, list[int]]

    @classmethod
    def open(cls) -> "Shelf":
        answers: dict[str, list[int]] = {}
        for pk, key in CustomFieldOption.objects.values_list("pk", "field__key").order_by("pk"):
            answers.setdefault(key, []).append(pk)
        return cls(
            categories=by_key(Category, CATEGORIES),
            areas=by_key(Area, AREAS),
            groups=by_key(ProductGroup, PRODUCT_GROUPS),
            tags={tag.name: tag for tag in Tag.objects.all()},
            answers=answers,
        )


class Companies:
    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = Shelf.open()
        self.names: set[str] = set()
        self.domains: set[str] = set()
        self.owners = owners_by_language(world)

    def make(self) -> list[Draft]:
        special = [self._special(facts) for facts in SPECIALS]
        left = dict(COUNTS)
        for draft in special:
            left[draft.language] -= 1
        return special + [
            self._ordinary(language) for language, count in left.items() for _one in range(count)
        ]

    def _special(self, facts: Special) -> Draft:
        town = next(town for town in TOWNS[facts.language] if town[0] == facts.town)
        draft = self._draft(facts.name, facts.language, town, facts.trade, facts.stage)
        contact = draft.contact
        contact.aliases = list(facts.aliases)
        contact.vat_id = facts.vat_id or contact.vat_id
        contact.tax_code = contact.vat_id[2:] if draft.country == "IT" else contact.tax_code
        contact.owner = self.world.users.get(facts.owner, contact.owner)
        draft.domain, draft.people = f"{facts.domain}.example", facts.people
        self.domains.add(draft.domain)
        if facts.minutes is not None:
            draft.updated_at = self.world.now - dt.timedelta(minutes=facts.minutes)
            draft.created_at = min(draft.created_at, draft.updated_at - dt.timedelta(days=90))
        if facts.street:
            draft.addresses[0].street = facts.street
            draft.addresses[0].postal_code = facts.postal_code
        draft.emails = [Email(use="work", address=f"{facts.mailbox}@{draft.domain}")]
        if facts.phones:
            uses = ("work", "service")
            draft.phones = [
                Phone(use=use, number=number)
                for use, number in zip(uses, facts.phones, strict=False)
            ]
        contact.websites = [f"https://www.{draft.domain}"]
        shelf = self.shelf
        draft.many["categories"] = [
            shelf.categories[k] for k in facts.categories if k in shelf.categories
        ]
        draft.many["tags"] = [shelf.tags[name] for name in facts.tags if name in shelf.tags]
        contact.is_restricted = False
        draft.many["viewers"] = []
        return draft

    def _ordinary(self, language: str) -> Draft:
        world = self.world
        town = world.pick(TOWNS[language])
        name, alias, trade = self._name(language, town[0])
        stage = world.weighted([s for s, _w in STAGES], [w for _s, w in STAGES])
        draft = self._draft(name, language, town, trade, stage)
        draft.domain = self._domain(alias or name)
        if alias:
            draft.contact.aliases = [alias]
        elif _short(name) != name and world.chance(0.15):
            draft.contact.aliases = [_short(name)]
        if trade != "house":
            draft.emails = self._emails(draft)
            if world.chance(0.6):
                draft.contact.websites = [f"https://www.{draft.domain}"]
        return draft

    def _name(self, language: str, town: str) -> tuple[str, str, str]:
        """(name, alias in Latin letters, trade), one that no other company has."""
        for _attempt in range(200):
            name, alias, trade = (
                self._hebrew_name() if language == "he" else self._latin_name(language, town)
            )
            if name not in self.names:
                self.names.add(name)
                return name, alias, trade
        raise RuntimeError("The invented company names are used up.")

    def _latin_name(self, language: str, town: str) -> tuple[str, str, str]:
        patterns = PATTERNS[language]
        pattern, _weight, trade = self.world.weighted(patterns, [p[1] for p in patterns])
        last, last2 = self.world.random.sample(LAST[language].split(), 2)
        words = {
            "last": last,
            "last2": last2,
            "first": self.world.pick(FIRST_MEN[language].split()),
            "fancy": self.world.pick(FANCY[language].split("|")),
            "town": town,
            "n": self.world.random.randint(1, 140),
        }
        return pattern.format(**words), "", trade

    def _hebrew_name(self) -> tuple[str, str, str]:
        found = self.world.weighted(HEBREW_PATTERNS, [p[2] for p in HEBREW_PATTERNS])
        last, latin = self.world.pick(HEBREW_LAST)
        words = {"last": last, "latin": latin, "n": self.world.random.randint(1, 90)}
        words["street"] = self.world.pick(STREETS["he"].split("|"))
        return found[0].format(**words), found[1].format(**words), found[3]

    def _domain(self, name: str) -> str:
        base = slug(_short(name))[:30].strip("-") or f"azienda-{self.world.digits(3)}"
        domain, number = f"{base}.example", 2
        while domain in self.domains:
            domain, number = f"{base}-{number}.example", number + 1
        self.domains.add(domain)
        return domain

    def _draft(
        self, name: str, language: str, town: tuple[str, ...], trade: str, stage: str
    ) -> Draft:
        world, country = self.world, town[5]
        owner = world.pick(self.owners[language])
        created = world.at_work(world.random.triangular(20, 1400, 500))
        recent = world.random.triangular(0.1, 70, 12)
        updated = max(created, world.at_work(recent))
        contact = Contact(
            type=Contact.Type.COMPANY,
            stage=stage,
            name=name,
            language=language,
            owner=owner,
            team=next(iter(owner.teams.all()), None),
            created_by=owner,
            preferred_channel=world.pick(["", "", *Channel.values[:3]]),
        )
        if trade != "house" or country == "IT":
            contact.vat_id = taxes.vat_id(world, country)
            contact.tax_code = taxes.tax_code(world, country, contact.vat_id)
        if world.chance(0.3):
            contact.notes = world.pick(CARD_NOTES[language])
        draft = Draft(contact, created, updated, language, trade, area=town[4], country=country)
        draft.addresses = self._addresses(language, town)
        draft.phones = self._phones(town)
        draft.many = self._profile(draft)
        contact.custom = self._custom(draft)
        if world.chance(0.03):
            contact.is_restricted = True
            draft.many["viewers"] = world.random.sample(self.owners[language], 2)
        return draft

    def _addresses(self, language: str, town: tuple[str, ...]) -> list[Address]:
        found = [address(self.world, language, town, "main")]
        if self.world.chance(0.25):
            other = self.world.pick(TOWNS[language])
            found.append(address(self.world, language, other, self.world.pick(("site", "billing"))))
        return found

    def _phones(self, town: tuple[str, ...]) -> list[Phone]:
        found = [Phone(use="work", number=landline(self.world, town))]
        if self.world.chance(0.4):
            found.append(Phone(use="service", number=landline(self.world, town)))
        if self.world.chance(0.3):
            found.append(Phone(use="mobile", number=mobile(self.world, town[5])))
        return found

    def _emails(self, draft: Draft) -> list[Email]:
        boxes = {
            "it": ("info", "amministrazione"),
            "ro": ("office", "contabilitate"),
            "he": ("office", "billing"),
            "en": ("hello", "accounts"),
        }[draft.language]
        found = [Email(use="work", address=f"{boxes[0]}@{draft.domain}")]
        if self.world.chance(0.35):
            found.append(Email(use="billing", address=f"{boxes[1]}@{draft.domain}"))
        return found

    def _profile(self, draft: Draft) -> dict[str, list[Any]]:
        """Profiling is never forced (F2.47), so a good part has little or none of it."""
        world, shelf = self.world, self.shelf
        keys = world.some(TRADE_CATEGORIES[draft.trade], 2)
        if world.chance(0.05):
            keys.append("key-account")
        groups = {group for key in keys for group in world.some(CATEGORY_GROUPS[key], 2)}
        tags = world.some(TAGS_OF[draft.language], 2) if world.chance(0.4) else []
        return {
            "categories": [shelf.categories[key] for key in keys if key in shelf.categories],
            "areas": [shelf.areas[draft.area]] if draft.area in shelf.areas else [],
            "product_groups": [shelf.groups[key] for key in sorted(groups) if key in shelf.groups],
            "tags": [shelf.tags[name] for name in tags if name in shelf.tags],
        }

    def _custom(self, draft: Draft) -> dict[str, Any]:
        world, answers = self.world, self.shelf.answers
        if draft.contact.stage in ("lead", "supplier") or world.chance(0.35):
            return {}
        renewal = world.now.date() + dt.timedelta(days=world.random.randint(-40, 400))
        values: dict[str, Any] = {
            "plant_code": f"{draft.country}-{world.digits(4)}/{world.pick('ABC')}",
            "units": world.random.randint(1, 14),
            "yearly_value": world.random.randint(6, 240) * 75 + world.pick((0, 0, 0.5)),
            "renewal_on": renewal.isoformat(),
            "is_monitored": world.chance(0.3),
        }
        if answers.get("fuel"):
            values["fuel"] = world.pick(answers["fuel"])
        if answers.get("access") and (ways := world.some(answers["access"], 2)):
            values["access"] = sorted(ways)
        if world.chance(0.15):
            values["drawings"] = f"https://drawings.bottega.example/{values['plant_code'].lower()}"
        return {key: value for key, value in values.items() if world.chance(0.85)}


def _short(name: str) -> str:
    """Without the legal form."""
    forms = ("S.r.l.", "S.p.A.", "S.n.c.", "S.a.s.", "S.s.", "SRL", "SA", "Ltd", "SPARL", "II")
    words = name.split()
    while len(words) > 1 and (words[-1] in forms or words[-1] in ("&", "C.")):
        words.pop()
    return " ".join(words)
