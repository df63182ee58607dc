"""An action that refuses tells the person, and the page they came from is shown again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from crm.records.errors import ActionRefused


@contextmanager
def refusals_as_messages(request: HttpRequest) -> Iterator[None]:
    try:
        yield
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
