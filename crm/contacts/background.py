"""What contacts do behind the page's back; found by autodiscovery."""

from django.utils.translation import gettext_lazy as _

from crm.contacts.likeness import find_likenesses
from crm.records.jobs import Run, background


@background("duplicates", title=_("Look for duplicates"))
def look_for_duplicates(run: Run) -> str:
    """Without the number of pairs: some may be of contacts that its person does not see."""
    find_likenesses()
    return str(_("All companies and people were compared."))
