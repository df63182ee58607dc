"""900 people: those of the companies, a few of two companies, and private customers."""

from crm.contacts.models import Contact, Email, Phone
from crm.demo.companies import Shelf
from crm.demo.drafts import Draft
from crm.demo.reach import address, landline, mobile, owners_by_language
from crm.demo.words.firms import FUNCTIONS, ROLES
from crm.demo.words.names import FIRST_MEN, FIRST_WOMEN, HEBREW_LAST, HEBREW_MEN, HEBREW_WOMEN, LAST
from crm.demo.words.places import TOWNS
from crm.demo.world import World, slug

COUNT = 900
PRIVATE = 110
Name = tuple[str, str, str]  # first, last, and both in Latin letters for the mail address
LATIN = dict((*HEBREW_WOMEN, *HEBREW_MEN, *HEBREW_LAST))


class Folk:
    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = Shelf.open()
        self.owners = owners_by_language(world)
        self.mails: set[str] = set()

    def make(self, companies: list[Draft]) -> list[Draft]:
        found = [
            self._employee(company, (first, last, _latin(first, last)), function, channel)
            for company in companies
            for first, last, function, channel in company.people
        ]
        ordinary = [company for company in companies if not company.people]
        plain = [company for company in ordinary if company.trade != "house"]
        while len(found) < COUNT - PRIVATE:
            # Every company has somebody before any has a second one.
            company = ordinary.pop() if ordinary else self.world.pick(plain)
            function = self.world.pick(FUNCTIONS[company.language].split("|"))
            channel = self.world.pick(("phone", "email", "mobile", ""))
            found.append(self._employee(company, self._name(company.language), function, channel))
        self._second_jobs(found, plain)
        return found + [self._private() for _one in range(COUNT - len(found))]

    def _name(self, language: str) -> Name:
        if language == "he":
            first = self.world.pick(HEBREW_WOMEN + HEBREW_MEN)
            last = self.world.pick(HEBREW_LAST)
            return first[0], last[0], f"{first[1]} {last[1]}"
        names = FIRST_WOMEN[language] + " " + FIRST_MEN[language]
        given, family = self.world.pick(names.split()), self.world.pick(LAST[language].split())
        return given, family, f"{given} {family}"

    def _person(self, name: Name, language: str, stage: str) -> Draft:
        first, last, _latin_name = name
        owner = self.world.pick(self.owners[language])
        contact = Contact(
            type=Contact.Type.PERSON,
            stage=stage,
            first_name=first,
            last_name=last,
            name=f"{first} {last}",
            language=language,
            owner=owner,
            team=next(iter(owner.teams.all()), None),
            created_by=owner,
        )
        return Draft(contact, self.world.now, self.world.now, language)

    def _employee(self, company: Draft, name: Name, function: str, channel: str) -> Draft:
        world = self.world
        draft = self._person(name, company.language, company.contact.stage)
        contact = draft.contact
        contact.owner, contact.team = company.contact.owner, company.contact.team
        contact.created_by = contact.owner
        contact.preferred_channel = channel if channel != "letter" else ""
        later = (world.now - company.created_at).days * (1 - world.random.random() ** 2)
        draft.created_at = max(company.created_at, world.at_work(later))
        draft.updated_at = max(
            draft.created_at, world.at_work(world.random.triangular(0.2, 200, 30))
        )
        if channel == "email" or world.chance(0.8):
            draft.emails = [Email(use="work", address=self._mail(name[2], company.domain))]
        if channel in ("phone", "mobile") or world.chance(0.6):
            draft.phones = [Phone(use="mobile", number=mobile(world, company.country))]
        draft.country = company.country
        role = world.pick(ROLES[company.language].split("|"))
        facts = {"function": function, "role": role, "preferred_channel": channel}
        draft.jobs = [(company, facts)]
        draft.many["areas"] = list(company.many.get("areas", ()))
        return draft

    def _second_jobs(self, people: list[Draft], companies: list[Draft]) -> None:
        for draft in self.world.random.sample(people, 35):
            (first, facts), language = draft.jobs[0], draft.language
            others = [c for c in companies if c is not first and c.language == language]
            function = self.world.pick(FUNCTIONS[language].split("|"))
            draft.jobs.append((self.world.pick(others), facts | {"function": function, "role": ""}))

    def _private(self) -> Draft:
        """A household whose boiler we look after."""
        world = self.world
        language = world.weighted(("it", "ro", "he", "en"), (60, 25, 10, 5))
        town = world.pick(TOWNS[language])
        name = self._name(language)
        stage = world.weighted(("customer", "lead", "former"), (80, 14, 6))
        draft = self._person(name, language, stage)
        draft.country = town[5]
        draft.created_at = world.at_work(world.random.triangular(10, 1400, 300))
        draft.updated_at = max(
            draft.created_at, world.at_work(world.random.triangular(0.2, 90, 20))
        )
        draft.addresses = [address(world, language, town, "home")]
        draft.emails = [Email(use="home", address=self._mail(name[2], "posta.example"))]
        draft.phones = [Phone(use="mobile", number=mobile(world, town[5]))]
        if world.chance(0.3):
            draft.phones.append(Phone(use="home", number=landline(world, town)))
        draft.contact.preferred_channel = world.pick(("phone", "mobile", "email", ""))
        draft.many["areas"] = [self.shelf.areas[town[4]]] if town[4] in self.shelf.areas else []
        if heating := self.shelf.categories.get("heating"):
            draft.many["categories"] = [heating]
        return draft

    def _mail(self, latin: str, domain: str) -> str:
        base, number = slug(latin).replace("-", "."), 2
        mail = f"{base}@{domain}"
        while mail in self.mails:
            mail, number = f"{base}{number}@{domain}", number + 1
        self.mails.add(mail)
        return mail


def _latin(first: str, last: str) -> str:
    return f"{LATIN.get(first, first)} {LATIN.get(last, last)}"
