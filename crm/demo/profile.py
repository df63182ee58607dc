"""The lists behind companies and people: categories, areas, product groups, tags, own fields."""

from django.db import models

from crm.contacts.models import Area, Category, ProductGroup
from crm.demo.words.lists import AREAS, CATEGORIES, CUSTOM_FIELDS, PRODUCT_GROUPS, TAGS
from crm.demo.world import World
from crm.records.models import CustomField, CustomFieldOption, Tag
from crm.records.models.custom import forget_custom_fields
from crm.records.models.tag import tag_key

Words = dict[str, tuple[str, str, str, str, str]]
LANGUAGES = ("en", "it", "ro", "he")


def is_filled() -> bool:
    return CustomField.objects.filter(kind="contact", key="plant_code").exists()


def fill(world: World) -> None:
    _items(Category, CATEGORIES)
    _items(Area, AREAS)
    _items(ProductGroup, PRODUCT_GROUPS)
    Tag.objects.bulk_create(
        (Tag(name=name, key=tag_key(name), color=color) for name, color in TAGS.items()),
        ignore_conflicts=True,
    )
    for position, (key, (type_, *names, answers)) in enumerate(CUSTOM_FIELDS.items()):
        field = CustomField.objects.create(
            kind="contact", key=key, type=type_, position=10 * position, **_names(names)
        )
        CustomFieldOption.objects.bulk_create(
            CustomFieldOption(field=field, position=10 * place, **_names(answer))
            for place, answer in enumerate(answers)
        )
    forget_custom_fields("contact")


def _names(names: object) -> dict[str, str]:
    return dict(zip((f"name_{code}" for code in LANGUAGES), names, strict=True))  # type: ignore[call-overload]  # list or tuple of four


def _items(model: type[models.Model], words: Words) -> None:
    if not model._default_manager.exists():
        model._default_manager.bulk_create(
            model(position=10 * place, color=color, **_names(names))
            for place, (*names, color) in enumerate(words.values())
        )


def by_key(model: type[models.Model], words: Words) -> dict[str, models.Model]:
    """The list's rows by our own key; rows an administrator renamed are left out."""
    rows = {row.name_en: row for row in model._default_manager.all()}  # type: ignore[attr-defined]  # ListItem
    return {key: rows[names[0]] for key, names in words.items() if names[0] in rows}
