"""What happened to a document, as told in the record's history, the bell and mails."""

from django.utils.translation import gettext_lazy as _

from crm.records.sentences import Sentence

SENTENCES = {
    "document_added": Sentence(
        _("{actor} added a document to {record}"), _("{actor} added a document")
    ),
    "document_replaced": Sentence(
        _("{actor} added a new version of a document to {record}"),
        _("{actor} added a new version of a document"),
    ),
    "document_renamed": Sentence(
        _("{actor} renamed a document of {record}"), _("{actor} renamed a document")
    ),
    "document_trashed": Sentence(
        _("{actor} moved a document of {record} to the trash"),
        _("{actor} moved a document to the trash"),
    ),
    "document_restored": Sentence(
        _("{actor} took a document of {record} out of the trash"),
        _("{actor} took a document out of the trash"),
    ),
    "document_purged": Sentence(
        _("{actor} ended a document of {record} for good"), _("{actor} ended a document for good")
    ),
}
