"""What records tell the rooms above them; sent inside the transaction of the change."""

from django.dispatch import Signal

record_saved = Signal()  # record, actor, is_new, changes
record_trashed = Signal()  # record, actor: it went to the trash, or came back from there
records_purging = Signal()  # records, actor: last chance to take what hangs on them along
people_notified = Signal()  # notifications: the rows just written or joined
