"""Ways to profile a contact, never forced (F2.47): lists that an administrator edits."""

from django.utils.translation import gettext_lazy as _

from crm.records.models import ListItem


class Category(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Area(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = _("geographic area")
        verbose_name_plural = _("geographic areas")


class ProductGroup(ListItem):
    class Meta(ListItem.Meta):
        verbose_name = _("product or service group")
        verbose_name_plural = _("product or service groups")
