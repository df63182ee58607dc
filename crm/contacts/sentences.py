"""What happened to a contact, as told in its history, the bell and mails."""

from django.utils.translation import gettext_lazy as _

from crm.records.sentences import Sentence

SENTENCES = {
    "merged": Sentence(
        _("{actor} merged others into {record}"), _("{actor} merged others into this")
    ),
    "merged_away": Sentence(
        _("{actor} merged {record} into another"), _("{actor} merged this into another")
    ),
    "unmerged": Sentence(
        _("{actor} undid a merge of {record}"), _("{actor} undid a merge of this")
    ),
    "kept_apart": Sentence(
        _("{actor} saved {record} although it looks like others"),
        _("{actor} saved this although it looks like others"),
    ),
    "told_apart": Sentence(
        _("{actor} told {record} apart from another"),
        _("{actor} told this apart from {others}"),
        names_others=True,
    ),
    "not_told_apart": Sentence(
        _("{actor} no longer tells {record} apart from another"),
        _("{actor} no longer tells this apart from {others}"),
        names_others=True,
    ),
}
