"""Companies and people in one go, because people work in companies."""

from crm.contacts.models import Email
from crm.demo.companies import Companies
from crm.demo.drafts import store
from crm.demo.folk import Folk
from crm.demo.world import World

MARK = "impianti@fiat.example"


def is_filled() -> bool:
    return Email.objects.filter(address=MARK).exists()


def fill(world: World) -> None:
    companies = Companies(world).make()
    store(companies + Folk(world).make(companies))
