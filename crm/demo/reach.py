"""Where invented contacts live, which numbers they answer, and who looks after them."""

from crm.accounts.models import User
from crm.contacts.models import Address
from crm.demo import staff
from crm.demo.words.places import STREETS
from crm.demo.world import World

PREFIXES = {"IT": "+39", "RO": "+40", "IL": "+972", "GB": "+44", "IE": "+353"}
# Ranges kept for films where there are some, else the telephone company's favourite 555.
MOBILES = {"IT": "345 555", "RO": "755 555", "IL": "50 555", "GB": "7700 900", "IE": "85 555"}


def owners_by_language(world: World) -> dict[str, list[User]]:
    teams = {
        "it": (staff.LOMBARDIA, staff.NORTH_WEST, staff.OFFICE),
        "ro": (staff.ROMANIA,),
        "he": (staff.ISRAEL,),
        "en": (staff.OFFICE, staff.LOMBARDIA),
    }
    found = {}
    for language, places in teams.items():
        members = [
            user
            for user in world.users.values()
            if user.role
            and user.role.code in ("agent", "manager")
            and any(team.name in places for team in user.teams.all())
        ]
        named = [user for user in members if user.username in ("agent", "manager", "noa.levi")]
        found[language] = [*members, *named, *named]  # those whose pages people look at
    found["ro"].append(world.users["technician"])
    return found


def address(world: World, language: str, town: tuple[str, ...], use: str) -> Address:
    street, number = world.pick(STREETS[language].split("|")), world.random.randint(1, 180)
    line = f"{number} {street}" if language == "en" else f"{street} {number}"
    return Address(
        use=use, street=line, postal_code=town[2], city=town[0], region=town[1], country=town[5]
    )


def landline(world: World, town: tuple[str, ...]) -> str:
    code, country = town[3], town[5]
    middle = "" if country in ("GB", "IE") else " 555"
    return f"{PREFIXES[country]} {code}{middle} 0{world.digits(3)}"


def mobile(world: World, country: str) -> str:
    last = world.digits(3) if country != "IT" else world.digits(4)
    return f"{PREFIXES[country]} {MOBILES[country]} {last}"
