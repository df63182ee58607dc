"""Numbers without gaps, never twice (E8)."""

import threading
from itertools import islice

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from crm.contacts.models import Contact
from crm.records.actions import purge_record, save_record, trash_record
from crm.records.models import NumberSeries, VoidNumber, take_number
from crm.records.models.number import numbering
from tests.factories import make_company


def numbers() -> list[str]:
    return sorted(Contact.objects.values_list("number", flat=True))


def test_numbers_follow_each_other(db):
    for _time in range(3):
        make_company()
    assert numbers() == ["C-00001", "C-00002", "C-00003"]


def test_a_number_is_never_taken_twice_by_the_same_record(db):
    company = make_company()
    assert take_number(company) == "C-00001"
    save_record(company, actor=None)
    assert numbers() == ["C-00001"]


def test_what_is_rolled_back_leaves_no_gap(db):
    make_company()

    @transaction.atomic
    def fail_at_the_end() -> None:
        make_company()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_at_the_end()
    make_company()
    assert numbers() == ["C-00001", "C-00002"]


def test_of_numbers_only_those_that_are_taken_are_used_up(db, django_assert_num_queries):
    make_company()
    with numbering(Contact) as more:
        assert list(islice(more, 3)) == ["C-00002", "C-00003", "C-00004"]
    assert make_company().number == "C-00005"
    with django_assert_num_queries(0), numbering(Contact):
        pass  # nobody waits for a counter of which nothing is taken


def test_the_number_of_what_is_gone_is_not_used_again(db):
    company = make_company()
    trash_record(company, actor=None)
    purge_record(company, actor=None)
    make_company()
    assert numbers() == ["C-00002"]


def test_a_void_number_is_written_down_once(db):
    VoidNumber.objects.create(kind="contact", number="C-00007")
    with pytest.raises(IntegrityError), transaction.atomic():
        VoidNumber.objects.create(kind="contact", number="C-00007")


def test_series_and_periods_count_apart(db):
    company, other = make_company(), make_company()
    Contact.objects.update(number=None)
    for record in (company, other):
        record.number = None
        record.number_format = "{series}{period}-{n:03}"
    take_number(company, series="Q", period="2026")
    take_number(other, series="Q", period="2027")
    assert numbers() == ["Q2026-001", "Q2027-001"]


def test_no_form_lets_anybody_write_a_number(as_, alice, company):
    html = as_("alice").get(reverse("contact_edit", args=[company.pk])).content.decode()
    assert 'name="number"' not in html


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_each_their_own_without_gaps(transactional_db):
    """Eight threads save five each, and every third is rolled back."""
    problems: list[BaseException] = []
    gate = threading.Barrier(8)

    def work(worker: int) -> None:
        try:
            gate.wait(timeout=20)
            for turn in range(5):
                try:
                    with transaction.atomic():
                        save_record(Contact(name=f"Company {worker}-{turn}"), actor=None)
                        if (worker + turn) % 3 == 0:
                            raise InterruptedError
                except InterruptedError:
                    pass
        except BaseException as problem:  # noqa: BLE001  shown by the test's own thread
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    kept = Contact.objects.count()
    assert 20 < kept < 40
    assert numbers() == [f"C-{n:05}" for n in range(1, kept + 1)]
    assert NumberSeries.objects.get(kind="contact").next_value == kept + 1
