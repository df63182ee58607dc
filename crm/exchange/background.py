"""Exports run behind the page's back; found by autodiscovery."""

from crm.exchange.exporting import export_rows, may_fetch_export
from crm.records.jobs import background

background("export", may_fetch=may_fetch_export)(export_rows)
