"""A field that is deleted takes its values along, in the background."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from crm.contacts.models import Contact
from crm.records import tasks
from crm.records.actions import custom, save_record
from crm.records.actions.custom import (
    SETTLED,
    clear_removed_fields,
    delete_custom_field,
)
from crm.records.models import CustomField
from tests.factories import make_company
from tests.records.fields import ADD, form_data, make_field


def test_a_deleted_field_takes_its_values_along(admin):
    field = make_field("text")
    company = make_company(actor=admin)
    company.custom = {field.key: "x", "other": 1}
    save_record(company, actor=admin)
    delete_custom_field(field, actor=admin)
    clear_removed_fields()
    company.refresh_from_db()
    assert company.custom == {"other": 1}


def cleared_by_another_worker() -> None:
    try:
        clear_removed_fields()
    finally:
        connection.close()


def long_ago(field: CustomField) -> None:
    CustomField.objects.filter(pk=field.pk).update(removed_at=timezone.now() - SETTLED * 1.1)


def test_deleting_a_field_hides_it_at_once_and_leaves_its_values_to_a_worker(
    as_, admin, django_capture_on_commit_callbacks
):
    field = make_field("text", name_en="Boiler model")
    company = make_company(actor=admin)
    company.custom = {field.key: "Vitodens"}
    save_record(company, actor=admin)
    assert "Vitodens" in as_("admin").get(company.get_absolute_url()).content.decode()

    address = f"/admin/records/customfield/{field.pk}"
    with django_capture_on_commit_callbacks(execute=True) as woken:
        sent = as_("admin").post(f"{address}/delete/", {"post": "yes"})
        assert sent.status_code == 302
    assert clear_removed_fields.__name__ in str(woken)
    company.refresh_from_db()
    assert field.key in company.custom
    card = as_("admin").get(company.get_absolute_url()).content.decode()
    assert "Vitodens" not in card
    assert "Boiler model" not in as_("admin").get(reverse("company_create")).content.decode()
    columns = as_("admin").get("/admin/records/customfield/").content.decode()
    assert f"{address}/change/" not in columns
    line = LogEntry.objects.get()
    assert (line.user, line.object_repr, line.is_deletion()) == (admin, "Boiler model", True)

    refused = as_("admin").post(ADD, form_data(key=field.key))
    assert "still being cleared up" in refused.content.decode()
    tasks.clear_removed_fields()
    company.refresh_from_db()
    assert company.custom == {}
    assert CustomField.objects.filter(
        pk=field.pk
    ).exists()  # whoever is saving now may bring it back
    long_ago(field)
    for _twice in range(2):
        tasks.clear_removed_fields()
    assert not CustomField.objects.exists()
    assert as_("admin").post(ADD, form_data(key=field.key)).status_code == 302


def test_many_deleted_at_once_are_written_down_once_each(as_, admin):
    fields = [make_field("text", key=f"key{number}") for number in range(2)]
    data = {"action": "delete_selected", "post": "yes"}
    data["_selected_action"] = [field.pk for field in fields]
    assert as_("admin").post("/admin/records/customfield/", data).status_code == 302
    assert not CustomField.objects.kept().exists()
    assert LogEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_clearing_up_survives_its_worker_and_waits_for_nobody(monkeypatch):
    field = make_field("text", key="going")
    for _n in range(5):
        make_company(custom={"going": "x", "other": 1})
    delete_custom_field(field, actor=None)
    long_ago(field)
    monkeypatch.setattr(custom, "BATCH", 2)

    updates = []

    def dies_in_the_second_batch(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            updates.append(sql)
            if len(updates) == 2:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(dies_in_the_second_batch):
        clear_removed_fields()
    assert Contact.objects.filter(custom__has_key="going").count() == 3

    held = Contact.objects.filter(custom__has_key="going").order_by("pk")[0].pk
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=held)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(cleared_by_another_worker).result(timeout=10)
    assert [row.pk for row in Contact.objects.filter(custom__has_key="going")] == [held]
    assert CustomField.objects.filter(pk=field.pk).exists()
    clear_removed_fields()
    assert not CustomField.objects.exists()
    assert {str(row.custom) for row in Contact.objects.all()} == {"{'other': 1}"}
