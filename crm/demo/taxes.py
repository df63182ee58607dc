"""Tax ids that nobody has, with the check digits they would have."""

from stdnum import luhn
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.ro import cui

from crm.demo.world import World


def vat_id(world: World, country: str) -> str:
    if country == "IT":
        body = "0" + world.digits(6) + world.pick(("012", "013", "016", "097", "001", "010"))
        return f"IT{body}{luhn.calc_check_digit(body)}"
    if country == "RO":
        body = str(world.random.randint(1_200_000, 4_900_000))
        return f"RO{body}{cui.calc_check_digit(body)}"
    if country == "IL":
        body = "51" + world.digits(6)
        return f"{body}{luhn.calc_check_digit(body)}"
    if country == "IE":
        body = world.digits(7)
        return f"IE{body}{ie_vat.calc_check_digit(body)}"
    body = str(world.random.randint(1_000_000, 9_999_999))
    return next(
        f"GB{body}{end:02}" for end in range(100) if gb_vat.checksum(f"{body}{end:02}") == 0
    )


def tax_code(world: World, country: str, vat: str) -> str:
    """The second id that companies have in some countries."""
    if country == "IT":
        return vat[2:]
    if country == "RO":
        county, number = world.random.randint(1, 40), world.random.randint(50, 4000)
        return f"J{county}/{number}/{world.random.randint(1998, 2023)}"
    return ""
