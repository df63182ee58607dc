"""What happened to an activity, as told in its history, the bell and mails."""

from django.utils.translation import gettext_lazy as _

from crm.records.sentences import Sentence

SENTENCES = {
    "reminded": Sentence(_("Reminder: {record}"), _("{actor} sent a reminder of this")),
    "invited": Sentence(
        _("{actor} sent invitations to {record}"), _("{actor} sent invitations to this")
    ),
    "rescheduled": Sentence(
        _("{actor} changed when, where or whether {record} takes place"),
        _("{actor} told those who take part about the change"),
    ),
    "called_off": Sentence(
        _("{actor} cancelled {record}"),
        _("{actor} told those who take part that this is cancelled"),
    ),
    "date_called_off": Sentence(
        _("{actor} cancelled a date of {record}"),
        _("{actor} told those who take part that a date is cancelled"),
    ),
    "accepted": Sentence(_("{actor} accepted {record}"), _("{actor} accepted")),
    "tentative": Sentence(_("{actor} will perhaps come to {record}"), _("{actor} may come")),
    "declined": Sentence(_("{actor} declined {record}"), _("{actor} declined")),
    "guest_accepted": Sentence(
        _("A guest accepted {record}"), _("{others} accepted"), names_others=True
    ),
    "guest_tentative": Sentence(
        _("A guest will perhaps come to {record}"), _("{others} may come"), names_others=True
    ),
    "guest_declined": Sentence(
        _("A guest declined {record}"), _("{others} declined"), names_others=True
    ),
}
