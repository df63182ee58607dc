"""Fields as an administrator adds them."""

from crm.records.models import CustomField, CustomFieldOption
from crm.records.models.custom import forget_custom_fields

ADD = "/admin/records/customfield/add/"


def make_field(type_: str, key: str = "", answers=(), **fields) -> CustomField:
    fields.setdefault("name_en", f"My {type_}")
    key = key or f"my_{type_}"
    made = CustomField.objects.create(kind="contact", type=type_, key=key, **fields)
    for answer in answers:
        CustomFieldOption.objects.create(field=made, name_en=answer, name_it=f"{answer} (it)")
    return made


def forget() -> None:
    forget_custom_fields("contact")


def form_data(**changes) -> dict:
    return {
        "kind": "contact",
        "type": "text",
        "key": "",
        "name_en": "Boiler model",
        "position": "1",
        "is_active": "on",
        "in_list": "on",
        "options-TOTAL_FORMS": "0",
        "options-INITIAL_FORMS": "0",
    } | changes
