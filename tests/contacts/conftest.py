import pytest

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from tests.factories import make_company


@pytest.fixture
def twin(alice: User, team: Team) -> Contact:
    """The same as `company`, under another spelling."""
    return make_company(
        "Fiat",
        owner=alice,
        team=team,
        actor=alice,
        city="Torino",
        phones=["+39 011 123456"],
        emails=["info@fiat.example"],
        vat_id="IT01234567890",
        notes="Pays late.",
    )
