"""The page on which two or more contacts become one (B39)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.models import (
    Contact,
    Employment,
    Merge,
)
from crm.records.actions import save_record
from crm.records.errors import Outdated
from tests.contacts.merging import merged
from tests.factories import make_company, make_person

MOST_OF_THE_PAGE = 45


def fields(*contacts, **more):
    versions = {f"version-{one.pk}": one.version for one in contacts}
    return {
        "pk": [one.pk for one in contacts],
        "survivor": contacts[0].pk,
        **versions,
        **more,
    }


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 403), ("carol", 404)])
def test_only_who_may_change_and_delete_them_merges(as_, company, twin, who, status):
    url = reverse("contact_merge")
    assert as_(who).get(url, {"pk": [company.pk, twin.pk]}).status_code == status
    answer = as_(who).post(url, fields(company, twin))
    assert answer.status_code == (302 if status == 200 else status)
    assert Merge.objects.exists() == (status == 200)


def test_who_may_not_delete_one_keeps_it(as_, alice, company, twin, colleague):
    right = colleague.rights.get(kind="contact")
    right.delete_scope = "none"
    right.save()
    assert as_("alice").post(reverse("contact_merge"), fields(company, twin)).status_code == 403
    page = as_("alice").get(reverse("contact_merge"), {"pk": [company.pk, twin.pk]})
    assert page.status_code == 403


def test_the_page_shows_what_differs_what_unites_and_what_moves(as_, alice, company, twin):
    twin.phones.create(number="1")
    Contact.objects.filter(pk=company.pk).update(vat_id="IT999")
    html = as_("alice").get(reverse("contact_merge"), {"pk": [company.pk, twin.pk]})
    page = html.content.decode()
    for piece in ("Which one stays?", "pick-name", "pick-vat_id", "Pays late.", "History lines"):
        assert piece in page
    assert "pick-tax_code" not in page


@pytest.mark.parametrize("name_of", [None, "company", "twin"])
def test_the_page_announces_the_lists_that_will_be_there(as_, alice, company, twin, name_of):
    aliases = {company: ["Fiat", "Fabbrica"], twin: ["Fabbrica", "F.I.A.T. S.p.A."]}
    for one, known_as in aliases.items():
        Contact.objects.filter(pk=one.pk).update(aliases=known_as, websites=["https://f.example"])
    picks = {"name": {"company": company, "twin": twin}[name_of].pk} if name_of else {}
    sent = {f"pick-{name}": pk for name, pk in picks.items()}
    answer = as_("alice").get(reverse("contact_merge"), fields(company, twin, **sent))
    announced = dict(answer.context["united"])
    for one in (company, twin):
        one.refresh_from_db()
    merged(company, twin, actor=alice, **picks)
    assert announced == {
        "Also known as": company.aliases,
        "Web": company.websites,
        "Notes": company.notes.split("\n\n"),
    }
    assert company.name not in announced["Also known as"]


def test_the_page_takes_few_statements_however_much_hangs_on_them(as_, alice, company, twin):
    client, url = as_("alice"), reverse("contact_merge")
    others = [company, twin, *(make_company(owner=alice) for _number in range(3))]

    def statements():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url, {"pk": [one.pk for one in others]}).status_code == 200
        return len(caught)

    statements()
    few = statements()
    for one in others:
        one.phones.create(number="1")
        Employment.objects.create(company=one, person=make_person(owner=alice))
    assert statements() == few <= MOST_OF_THE_PAGE


def test_counts_tell_nothing_of_people_one_does_not_see(as_, alice, carol, company, twin):
    hidden = make_person("Hidden", owner=carol, is_restricted=True)
    Employment.objects.create(company=twin, person=hidden)
    page = as_("alice").get(reverse("contact_merge"), {"pk": [company.pk, twin.pk]})
    assert "People of companies" not in page.content.decode()


def test_a_form_that_is_out_of_date_is_told_and_changes_nothing(as_, alice, company, twin):
    data = fields(company, twin, **{"pick-name": twin.pk})
    twin.notes = "New"
    save_record(twin, actor=alice)
    answer = as_("alice").post(reverse("contact_merge"), data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed one of them" in page
    assert f'name="pick-name" value="{twin.pk}" checked' in page
    assert not Merge.objects.exists()
    with pytest.raises(Outdated):
        merge_contacts(Wish((company.pk, twin.pk), company.pk, versions={twin.pk: 1}), actor=alice)


def test_who_comes_too_late_is_led_to_what_they_became(as_, alice, company, twin):
    data = fields(company, twin)
    merged(company, twin, actor=alice)
    answer = as_("alice").post(reverse("contact_merge"), data, follow=True)
    assert answer.redirect_chain[-1][0] == company.get_absolute_url()
    assert "Somebody merged one of them meanwhile" in answer.content.decode()
    assert as_("carol").post(reverse("contact_merge"), data).status_code == 404


def test_from_a_list_the_ticked_rows_come_along(as_, company, twin):
    client, url = as_("alice"), reverse("contact_merge")
    page = client.get(reverse("contact_list"))
    assert f'formaction="{url}"' in page.content.decode()
    sent = {"selected": [company.pk, twin.pk], "back": "", "query": ""}
    answer = client.post(url, sent)
    assert answer.url == f"{url}?pk={company.pk}&pk={twin.pk}"
    assert client.post(url, {"selected": company.pk, "back": ""}, follow=True).redirect_chain
    assert client.post(url, sent | {"all": "1"}).url == f"{url}?"


def test_from_a_card_one_chooses_with_whom(as_, alice, carol, company, twin):
    client, url = as_("alice"), reverse("contact_merge_with", args=[company.pk])
    assert url in client.get(company.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"other": twin.pk}).url.endswith(f"?pk={company.pk}&pk={twin.pk}")
    foreign, person = make_company(owner=carol), make_person(owner=alice)
    for wrong in (foreign, person, company):
        assert client.post(url, {"other": wrong.pk}).status_code == 422
    assert as_("bob").get(url).status_code == 403
