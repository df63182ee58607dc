"""Bringing companies and people in: what is made, what is matched, what is told (E6)."""

from typing import Any

import pytest

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.models import Event
from tests.exchange.importing import bring_in, check, counts, reasons, receive, run
from tests.factories import make_company

pytestmark = pytest.mark.django_db

FIRMS = "Company name,VAT id,City,Phone 1,E-mail 1\nRossi Srl,IT01234567890,Roma,06 1234567,info@rossi.example\nBianchi SpA,IT09876543210,Milano,02 7654321,info@bianchi.example\n"


def test_a_file_becomes_records_and_again_creates_nothing(alice: User) -> None:
    batch = bring_in(alice, FIRMS)
    assert counts(batch) == {"created": 2}
    rossi = Contact.objects.get(name="Rossi Srl")
    assert (rossi.number, rossi.city, rossi.phone) == ("C-00001", "Roma", "06 1234567")
    assert Event.objects.get(object_id=rossi.pk).verb == "imported"
    again = bring_in(alice, FIRMS)
    assert counts(again) == {"unchanged": 2}
    assert Contact.objects.count() == 2


RULES: list[tuple[str, dict[str, Any], str, dict[str, int], str]] = [
    # what it is about, rules, line of the file, what becomes of it, the VAT id afterwards
    ("by its code", {}, "C-00001,Anything,IT999,", {"updated": 1}, "IT999"),
    ("by VAT id", {"vat": "IT12345678901"}, ",Other name,12345678901,", {"unchanged": 1}, "IT12345678901"),
    ("by e-mail", {}, ",Other name,IT999,info@fiat.example", {"updated": 1}, "IT999"),
    ("by its name without legal form", {}, ",FIAT srl,IT999,", {"updated": 1}, "IT999"),
    ("another VAT id is another company", {"vat": "IT111111"}, ",FIAT,IT222222,", {"created": 1}, "IT111111"),
    ("what is there stays", {"vat": "IT111111"}, "C-00001,FIAT,,", {"unchanged": 1}, "IT111111"),
    ("skip", {"on_match": "skip"}, ",FIAT,IT999,", {"skipped": 1}, ""),
    ("overwrite", {"on_match": "overwrite", "vat": "IT111111"}, "C-00001,FIAT,IT222222,", {"updated": 1}, "IT222222"),
    ("create another", {"on_match": "create"}, ",FIAT,IT999,", {"created": 1}, ""),
    ("an empty cell deletes nothing", {"on_match": "overwrite", "vat": "IT111111"}, "C-00001,F.I.A.T. S.p.A.,,info@fiat.example", {"unchanged": 1}, "IT111111"),
    ("an empty cell deletes if told", {"on_match": "overwrite", "empties": True, "vat": "IT111111"}, "C-00001,F.I.A.T. S.p.A.,,info@fiat.example", {"updated": 1}, ""),
    ("a code nobody has is left out", {}, "X-7,New one,,", {"created": 1}, ""),
    ("a code nobody has is rejected", {"keeps_unknown_codes": False}, "X-7,New one,,", {"rejected": 1}, ""),
    ("a name that does not count", {"keys": ["number"]}, ",FIAT,IT999,", {"created": 1}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("about", "rules", "line", "becomes", "vat"), RULES, ids=lambda x: str(x)[:30])
def test_the_rules(
    alice: User, about: str, rules: dict[str, Any], line: str, becomes: Any, vat: str
) -> None:
    rules = dict(rules)
    there = make_company(
        "F.I.A.T. S.p.A.", owner=alice, vat_id=rules.pop("vat", ""), emails=["info@fiat.example"]
    )
    batch = bring_in(alice, f"Code,Company name,VAT id,E-mail 1\n{line}\n", **rules)
    assert counts(batch) == becomes, reasons(batch)
    there.refresh_from_db()
    assert (there.number, there.name, there.vat_id) == ("C-00001", there.name, vat)
    made = Contact.objects.exclude(pk=there.pk)
    assert made.count() == becomes.get("created", 0)
    assert all(one.number == "C-00002" for one in made)  # no code is ever adopted


def test_what_is_not_clear_is_told_and_not_guessed(alice: User) -> None:
    make_company("Alfa", owner=alice, vat_id="IT11111111111")
    make_company("Beta", owner=alice, vat_id="IT22222222222")
    make_company("Beta srl", owner=alice)
    batch = bring_in(
        alice,
        "Code,Company name,VAT id\n"
        "C-00001,Alfa,IT22222222222\n"  # a code of one, a VAT id of another
        ",Beta,\n"  # two of the same name
        "K-1,Gamma,IT33333333333\n"
        "K-1,Delta,\n"  # the same code twice
        ",Gamma spa,IT33333333333\n"  # the same company twice
        ",,IT44444444444\n",  # no name
    )
    assert counts(batch) == {"created": 1, "rejected": 5}
    told = reasons(batch)
    assert "C-00001, C-00002" in told[2]
    assert "C-00002, C-00003" in told[3]
    assert "Line 4" in told[5]
    assert "Line 4" in told[6]
    assert "Company name" in told[7]


def test_a_check_stores_nothing_and_foretells_the_run(alice: User) -> None:
    make_company("Rossi", owner=alice, vat_id="IT55555555555")
    make_company("Bianchi", owner=alice)
    batch = check(receive(alice, FIRMS + ",IT1,,,\n"), alice)
    assert Contact.objects.count() == 2
    assert batch.report["counts"] == {"c": 1, "u": 1, "r": 1}
    first, second, third = batch.report["samples"]
    assert [one["outcome"] for one in (first, second, third)] == ["r", "u", "c"]
    assert third["alike"][0]["pk"] == Contact.objects.get(name="Rossi").pk
    assert counts(run(batch, alice)) == {"created": 1, "updated": 1, "rejected": 1}
