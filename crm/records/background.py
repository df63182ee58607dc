"""What records do behind the page's back; found by autodiscovery."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.records.bulk import change_all, closing_words, frozen, verb_named
from crm.records.errors import ActionRefused
from crm.records.jobs import Run, background
from crm.records.lists.definition import record_lists
from crm.records.lists.selection import Selection

BATCH = 50


@background("bulk", title=gettext_lazy("Change many records"))
def change_many(run: Run) -> str:
    """The rows are found once and kept, so a second run goes on where the first one died; the
    batch that was under way is done again and finds its rows already changed."""
    record_list = record_lists()[run.params["kind"]]
    verb = verb_named(record_list, run.params["verb"])
    if verb is None:
        raise ActionRefused(_("This cannot be done any more."))
    if "ids" not in run.params:
        selection = Selection.kept(run.params["selection"])
        ids, barred = frozen(record_list, selection, verb, run.user)
        run.progress(0, len(ids), facts={"ids": ids, "barred": barred, "late": 0})
    ids, late = run.params["ids"], run.params["late"]
    for start in range(run.done, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        actor = User.objects.get(pk=run.user.pk)  # whose rights may have changed meanwhile
        missed = len(batch) - change_all(
            record_list.model, batch, verb, run.params["change"], actor
        )
        late += missed
        run.progress(start + len(batch), facts={"late": late} if missed else None)
    return closing_words(verb, len(ids) - late, run.params["barred"] + late)
