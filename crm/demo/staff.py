"""The company's own people: about 40 in five teams, and the four sign-ins."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from crm.accounts.models import Color, Language, Role, Team, User
from crm.demo.words.names import FIRST_MEN, FIRST_WOMEN, HEBREW_LAST, HEBREW_MEN, HEBREW_WOMEN, LAST
from crm.demo.world import World, slug

PASSWORD = "demo"  # noqa: S105 - meant to be known
DOMAIN = "bottega.example"
OFFICE, LOMBARDIA, NORTH_WEST = "Sede", "Lombardia", "Nord-Ovest"
ROMANIA, ISRAEL = "România", "ישראל"
TEAMS = {OFFICE: "c6", LOMBARDIA: "c1", NORTH_WEST: "c2", ROMANIA: "c3", ISRAEL: "c4"}
ZONES = {ROMANIA: "Europe/Bucharest", ISRAEL: "Asia/Jerusalem"}
SPOKEN = {ROMANIA: "ro", ISRAEL: "he"}

# user name, first name, last name, role, teams (the first is their own), language, colour
KNOWN = (
    ("admin", "Elena", "Ferraris", "administrator", (OFFICE,), "en", "c5"),
    ("manager", "Marco", "Bianchi", "manager", (NORTH_WEST, LOMBARDIA, OFFICE), "it", "c2"),
    ("agent", "Giulia", "Romano", "agent", (LOMBARDIA,), "en", "c1"),
    ("technician", "Andrei", "Pop", "technician", (ROMANIA,), "ro", "c3"),
    ("noa.levi", "Noa", "Levi", "agent", (ISRAEL,), "he", "c4"),
    ("claudia.monti", "Claudia", "Monti", "manager", (LOMBARDIA, OFFICE), "it", "c7"),
    ("mihaela.stoica", "Mihaela", "Stoica", "manager", (ROMANIA,), "ro", "c8"),
    ("yael.shapira", "יעל", "שפירא", "manager", (ISRAEL,), "he", "c7"),
)
LEADS = {
    OFFICE: "claudia.monti",
    LOMBARDIA: "claudia.monti",
    NORTH_WEST: "manager",
    ROMANIA: "mihaela.stoica",
    ISRAEL: "yael.shapira",
}
# How many more of each role a team has.
MORE = {
    OFFICE: {"agent": 4},
    LOMBARDIA: {"agent": 3, "technician": 5},
    NORTH_WEST: {"agent": 2, "technician": 4},
    ROMANIA: {"agent": 3, "technician": 4},
    ISRAEL: {"agent": 2, "technician": 4},
}


def is_filled() -> bool:
    return EmailAddress.objects.filter(email=f"technician@{DOMAIN}").exists()


def fill(world: World) -> None:
    teams = {
        name: Team.objects.get_or_create(name=name, defaults={"color": color})[0]
        for name, color in TEAMS.items()
    }
    roles = {role.code: role for role in Role.objects.all()}
    secret = make_password(PASSWORD)
    people = [*KNOWN, *_more(world)]
    there = {name.lower() for name in User.objects.values_list("username", flat=True)}
    made = [
        User(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@{DOMAIN}",
            password=secret,
            role=roles[role],
            language=language,
            color=color,
            date_joined=world.at_work(world.random.randint(200, 1500)),
            **_hours(world, places[0]),
        )
        for username, first, last, role, places, language, color in people
        if username not in there
    ]
    User.objects.bulk_create(made)
    places_of = {person[0]: person[4] for person in people}
    _join(made, teams, places_of)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in made
    )


def _more(world: World) -> list[tuple[str, str, str, str, tuple[str, ...], str, str]]:
    taken = {person[0] for person in KNOWN}
    found: list[tuple[str, str, str, str, tuple[str, ...], str, str]] = []
    for team, roles in MORE.items():
        language = SPOKEN.get(team, "it")
        for role in (role for role, count in roles.items() for _one in range(count)):
            username = ""
            while not username or username in taken:
                first, last, username = _name(world, language)
            taken.add(username)
            found.append((username, first, last, role, (team,), language, world.pick(Color.values)))
    return found


def _name(world: World, language: str) -> tuple[str, str, str]:
    if language == Language.HE:
        first = world.pick(HEBREW_WOMEN + HEBREW_MEN)
        last = world.pick(HEBREW_LAST)
        return first[0], last[0], f"{slug(first[1])}.{slug(last[1])}"
    name = world.pick((FIRST_WOMEN[language] + " " + FIRST_MEN[language]).split())
    family = world.pick(LAST[language].split())
    return name, family, f"{slug(name)}.{slug(family)}"


def _hours(world: World, team: str) -> dict[str, object]:
    """Sunday to Thursday in Israel; technicians begin early here and there."""
    starts = world.pick((7, 8, 8, 9))
    return {
        "time_zone": ZONES.get(team, "Europe/Rome"),
        "working_days": [7, 1, 2, 3, 4] if team == ISRAEL else [1, 2, 3, 4, 5],
        "work_starts_at": dt.time(starts),
        "work_ends_at": dt.time(starts + 9),
    }


def _join(made: list[User], teams: dict[str, Team], places_of: dict[str, tuple[str, ...]]) -> None:
    through = User.teams.through
    through.objects.bulk_create(
        through(user=user, team=teams[place]) for user in made for place in places_of[user.username]
    )
    by_name = {user.username: user for user in User.objects.all()}
    for place, lead in LEADS.items():
        teams[place].lead = by_name[lead]
        teams[place].save(update_fields=["lead"])
    for user in made:
        lead = LEADS[places_of[user.username][0]]
        boss = "admin" if lead == user.username else lead
        user.manager = by_name[boss] if boss != user.username else None
    User.objects.bulk_update(made, ["manager"])
