"""Instances by the ten thousand are what the constructor makes."""

from crm.accounts.models import Team
from crm.contacts.models import Contact
from crm.records.moulds import Mould


def facts(record: Contact) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name != "_state"}


def test_it_makes_what_the_constructor_makes() -> None:
    team = Team(pk=7, name="North")
    preset = {"type": Contact.Type.PERSON, "team": team}
    made = Mould(Contact, **preset).new()
    assert facts(made) == facts(Contact(**preset))
    assert made.team is team
    assert made._state.adding


def test_nothing_of_one_is_in_the_other() -> None:
    mould = Mould(Contact, team=Team(pk=7, name="North"))
    one = mould.new()
    one.aliases.append("Fiat")
    one.custom["colour"] = "red"
    one.team = Team(pk=8, name="South")
    other = mould.new()
    assert (other.aliases, other.custom, other.team_id) == ([], {}, 7)
    assert other.team.name == "North"
