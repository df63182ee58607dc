"""Exports and imports run behind the page's back; found by autodiscovery."""

from django.utils.translation import gettext_lazy as _

from crm.exchange.actions import follow_retry
from crm.exchange.exporting import export_rows, may_fetch_export
from crm.exchange.importing.checking import check_rows
from crm.exchange.importing.running import import_rows
from crm.exchange.importing.undoing import undo_rows
from crm.records.jobs import background

background("export", title=_("Export"), may_fetch=may_fetch_export)(export_rows)
background("check import", title=_("Check of an import"), retried=follow_retry)(check_rows)
background("import", title=_("Import"), retried=follow_retry)(import_rows)
background("undo import", title=_("Undoing an import"), retried=follow_retry)(undo_rows)
