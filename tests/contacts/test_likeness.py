"""The page of duplicates over the whole base: pairs, the surest first (F2.14, D4)."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.likeness import MOST_SHARING, find_likenesses
from crm.contacts.models import Contact, Likeness
from crm.contacts.tasks import find_duplicates
from crm.records.actions import purge_record, save_record, trash_record
from crm.records.history import events_of, lines_of
from crm.records.models import Job
from crm.records.tasks import run_job
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db
MOST_OF_A_LIST = 9
URL = "duplicate_list"
WAITS = 0.5  # seconds, to see that somebody waits


def pairs():
    rows = Likeness.objects.order_by("-score", "pk").select_related("one", "other")
    return [({row.one.name, row.other.name}, row.reasons, row.score) for row in rows]


def test_pairs_are_found_by_what_they_share():
    make_company("F.I.A.T. S.p.A.", vat_id="IT01234567890", phones=["+39 011 1234567"])
    make_company("Fiat", vat_id="01234567890")
    make_company("Garage", phones=["011/1234567"], emails=["info@x.example"])
    make_company("Garage Due", emails=["INFO@x.example"])
    make_company("Bar Roma", emails=["info@bar-roma.example"])
    make_company("Bar Como", emails=["info@bar-como.example"])
    make_person("Fiat", first_name="")  # a person is no company
    assert find_likenesses() == 3
    assert pairs() == [
        ({"F.I.A.T. S.p.A.", "Fiat"}, ["tax", "name"], 100),
        ({"Garage", "Garage Due"}, ["mail"], 40),
        ({"F.I.A.T. S.p.A.", "Garage"}, ["phone"], 25),
    ]


def test_people_of_the_same_name_are_less_sure_than_companies():
    for _time in range(2):
        make_company("Fiat")
        make_person("Rossi", first_name="Mario")
    find_likenesses()
    assert [score for _names, _reasons, score in pairs()] == [40, 25]


def test_what_too_many_share_says_nothing():
    for number in range(MOST_SHARING + 1):
        make_company(f"Company {number}", phones=["+39 02 000000"])
    assert find_likenesses() == 0


def test_a_second_run_changes_nothing_and_what_is_no_more_goes(alice):
    one, other = make_company("Fiat", owner=alice), make_company("F.I.A.T.", owner=alice)
    gone = make_company("FIAT", owner=alice)
    find_likenesses()
    keys = set(Likeness.objects.values_list("pk", flat=True))
    find_duplicates()
    assert set(Likeness.objects.values_list("pk", flat=True)) == keys
    assert len(keys) == 3
    trash_record(gone, actor=alice)
    find_likenesses()
    assert Likeness.objects.count() == 1
    other.name = "Ferrari"
    save_record(other, actor=alice)
    find_likenesses()
    assert not Likeness.objects.exists()
    assert one


def test_not_the_same_is_remembered_however_often_one_looks(as_, alice, bob, company, twin):
    find_likenesses()
    pair = Likeness.objects.get()
    client, url = as_("alice"), reverse(URL)
    assert "F.I.A.T. S.p.A." in client.get(url).content.decode()
    page = client.post(
        reverse("duplicate_part", args=[pair.pk]), {"back": f"{url}?reason=name"}, follow=True
    )
    assert page.redirect_chain == [(f"{url}?reason=name", 302)]
    assert reverse("duplicate_unpart", args=[pair.pk]) in page.content.decode()
    find_likenesses()
    pair.refresh_from_db()
    assert (pair.parted_by, pair.reasons) == (alice, ["name"])
    assert "F.I.A.T. S.p.A." not in client.get(url).content.decode()
    parted = as_("bob").get(url, {"tab": "parted"}).content.decode()
    assert "F.I.A.T. S.p.A." in parted
    assert "Alice Rossi" in parted
    client.post(reverse("duplicate_unpart", args=[pair.pk]))
    assert "F.I.A.T. S.p.A." in client.get(url).content.decode()


def test_who_told_them_apart_is_in_both_histories(as_, alice, bob, company, twin):
    find_likenesses()
    pair = Likeness.objects.get()
    client = as_("alice")

    def told(contact, reader):
        lines = lines_of(contact, events_of(contact), reader)
        wanted = [line for line in lines if "apart" in line.sentence]
        assert not any(line.changes for line in wanted)
        return [line.sentence for line in wanted]

    for _time in range(2):  # a second click says nothing new
        client.post(reverse("duplicate_part", args=[pair.pk]))
    for contact, other in ((company, twin), (twin, company)):
        link = f'<a href="{other.get_absolute_url()}"><bdi>{other.name}</bdi></a>'
        who = "<strong><bdi>Alice Rossi</bdi></strong>"
        assert told(contact, bob) == [f"{who} told this apart from {link}"]
    for _time in range(2):
        client.post(reverse("duplicate_unpart", args=[pair.pk]))
    assert [len(told(contact, bob)) for contact in (company, twin)] == [2, 2]
    assert "no longer tells this apart from" in told(company, bob)[0]
    Contact.objects.filter(pk=twin.pk).update(is_restricted=True)
    page = str(told(company, bob))
    assert "told this apart from another one (not for you" in page
    assert f"/{twin.pk}/" not in page
    assert twin.name not in page


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("carol", 404)])
def test_only_who_may_change_one_of_them_says_so(as_, company, twin, who, status):
    find_likenesses()
    pair = Likeness.objects.get()
    for name in ("duplicate_part", "duplicate_unpart"):
        assert as_(who).post(reverse(name, args=[pair.pk])).status_code == status
    assert as_(who).get(reverse("duplicate_part", args=[pair.pk])).status_code == 405


def test_a_pair_shows_only_to_who_sees_both(as_, admin, company, twin):
    hidden = make_company("Fiat hidden spa", owner=admin, is_restricted=True, vat_id="01234567890")
    find_likenesses()
    assert Likeness.objects.count() == 2
    pages = {who: as_(who).get(reverse(URL)).content.decode() for who in ("admin", "bob", "carol")}
    assert hidden.name in pages["admin"]
    assert hidden.name not in pages["bob"]
    assert "F.I.A.T. S.p.A." in pages["bob"]
    assert 'All <span class="count">1</span>' in pages["bob"]
    assert 'All <span class="count">0</span>' in pages["carol"]


def test_the_list_is_cut_by_type_and_reason(as_, alice):
    for _time in range(2):
        make_company("Fiat", owner=alice)
        make_person("Rossi", owner=alice, emails=["a@b.example"])
    find_likenesses()

    def shown(**asked):
        page = as_("alice").get(reverse(URL), asked).content.decode()
        return ("Fiat" in page, "Anna Rossi" in page)

    assert shown() == (True, True)
    assert shown(tab="person") == shown(reason="mail") == (False, True)
    assert shown(tab="company", reason="name") == (True, False)
    assert shown(tab="company", reason="mail") == (False, False)
    assert shown(tab="nothing", reason="nothing") == (True, True)


def test_it_is_paged_and_costs_the_same_with_more_rows(as_, alice):
    client, url = as_("alice"), reverse(URL)

    def statements():
        with CaptureQueriesContext(connection) as caught:
            page = client.get(url).content.decode()
        return len(caught), page.count('class="panel pair"'), 'rel="next"' in page

    def fill(start, count):
        for number in range(start, start + count):
            make_company(f"Firm {number}", owner=alice)
            make_company(f"Firm {number} srl", owner=alice)
        find_likenesses()

    fill(0, 2)
    statements()
    few, shown, _more = statements()
    assert shown == 2
    fill(2, 20)
    assert statements() == (few, 20, True)
    assert few <= MOST_OF_A_LIST
    older = client.get(url).content.decode().partition('rel="next" href="')[2].partition('"')[0]
    assert client.get(older.replace("&amp;", "&")).content.decode().count("panel pair") == 2


def test_one_looks_again_behind_the_page(as_, alice, company, twin):
    client = as_("alice")
    answer = client.post(reverse("duplicate_look"))
    job = Job.objects.get()
    assert answer.url == reverse("job_detail", args=[job.pk])
    assert client.post(reverse("duplicate_look")).url == answer.url
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, Likeness.objects.count()) == (Job.State.DONE, 1)
    assert "Last looked" in client.get(reverse(URL)).content.decode()


def purge_elsewhere(contact):
    """As another worker does, in a connection of its own."""

    def purge():
        try:
            purge_record(trash_record(contact, actor=None), actor=None)
        finally:
            connection.close()

    thread = threading.Thread(target=purge)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_is_purged_while_one_looks_stops_nobody(alice, company, twin, moment):
    """Before the pairs are kept, or after that and before they are committed."""
    third = make_company("F I A T", owner=alice)
    threads = []

    def watch(execute, sql, params, many, context):
        is_keeping = sql.startswith("\nINSERT INTO contacts_likeness")
        if is_keeping and moment == "before":
            purge_elsewhere(twin).join()
        answer = execute(sql, params, many, context)
        if is_keeping and moment == "after":
            threads.append(purge_elsewhere(twin))
            threads[0].join(WAITS)
            assert threads[0].is_alive()  # for us
        return answer

    with connection.execute_wrapper(watch):
        find_likenesses()
    for thread in threads:
        thread.join()
    assert not Contact.objects.filter(pk=twin.pk).exists()
    assert [{pair.one_id, pair.other_id} for pair in Likeness.objects.all()] == [
        {company.pk, third.pk}
    ]


def test_who_was_purged_is_in_no_pair(company, twin):
    find_likenesses()
    Contact.objects.filter(pk=twin.pk).delete()
    assert not Likeness.objects.exists()
