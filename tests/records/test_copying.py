"""Rows through COPY, some of them aside in a thread."""

from collections.abc import Callable

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions.many import create_many
from crm.records.copying import Aside, copy_in, new_keys
from crm.records.models import Event, Tag
from crm.records.models.number import numbering
from tests.factories import make_company

pytestmark = pytest.mark.django_db


def companies(names: list[str]) -> list[Contact]:
    made = [Contact(type="company", stage="customer", name=name) for name in names]
    for company, pk in zip(made, new_keys(Contact, len(made)), strict=True):
        company.pk = pk
        for relation in ("addresses", "emails", "phones"):
            company.held_rows[relation] = []
    return made


def create_aside(made: list[Contact], actor: User) -> None:
    told = {"actor": actor, "verb": "imported", "text": "a file"}
    with numbering(Contact) as numbers, Aside() as store:
        create_many(made, (), numbers=numbers, store=store, **told)


def store_aside(*groups: list[Tag], then: Callable[[], object] | None = None) -> None:
    with transaction.atomic(), Aside() as store:
        for group in groups:
            copy_in(group, store)
        if then:
            then()


def test_a_question_that_is_asked_meanwhile_sees_what_was_stored_before_it():
    with Aside() as store:
        for number in range(50):
            copy_in([Tag(name=f"tag {number}", key=f"tag {number}")], store)
            if number % 10 == 9:
                assert Tag.objects.filter(name__startswith="tag ").count() == number + 1


def test_what_failed_aside_is_told_to_whoever_leaves():
    Tag.objects.create(name="one")
    taken = Tag.objects.get().key
    with pytest.raises(IntegrityError):
        store_aside([Tag(name="one", key=taken)], [Tag(name="two", key="two")])
    assert list(Tag.objects.values_list("name", flat=True)) == ["one"]


def test_what_failed_aside_is_told_to_whoever_asks_as_well():
    with pytest.raises(DataError):
        store_aside([Tag(name="x" * 500, key="x")], then=Tag.objects.count)
    assert not Tag.objects.exists()


def test_whoever_leaves_by_an_error_of_their_own_is_waited_for():
    def fail() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        store_aside(*([Tag(name=f"tag {n}", key=f"tag {n}")] for n in range(20)), then=fail)
    assert not Tag.objects.exists()
    assert connection.execute_wrappers == []


def test_more_than_one_turn_of_records_is_stored_whole_and_in_order(alice):
    names = [f"Ditta {number:04}" for number in range(612)]
    create_aside(companies(names), alice)
    stored = Contact.objects.filter(name__startswith="Ditta ").order_by("pk")
    assert [row.name for row in stored] == names
    numbers = [row.number for row in stored]
    assert numbers == sorted(set(numbers))
    assert Event.objects.filter(verb="imported", text="a file").count() == len(names)
    assert Contact.objects.best_matches("ditta 0611", 1)[0].name == "Ditta 0611"


def test_a_record_of_nobody_is_refused_and_leaves_nothing(alice):
    made = companies(["Uno", "Due"])
    made[1].owner_id = 10**9
    with pytest.raises(IntegrityError), transaction.atomic():
        create_aside(made, alice)
    assert not Contact.objects.filter(name__in=["Uno", "Due"]).exists()
    assert make_company("Tre", owner=alice, actor=alice).number
