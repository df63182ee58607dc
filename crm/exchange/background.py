"""Exports run behind the page's back; found by autodiscovery."""

from django.utils.translation import gettext_lazy as _

from crm.exchange.exporting import export_rows, may_fetch_export
from crm.records.jobs import background

background("export", title=_("Export"), may_fetch=may_fetch_export)(export_rows)
