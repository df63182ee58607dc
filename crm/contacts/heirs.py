"""The address of a contact that became part of another leads to that one."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.accounts.http import UserRequest
from crm.contacts.models import Contact
from crm.records.errors import BecameAnother

View = Callable[..., HttpResponse]


def leads_to_the_heir(view: View) -> View:
    """Where `view` finds nothing, for those who may see what it became; others learn nothing.
    What somebody posted meanwhile comes back to them (see `gives_back`)."""

    @wraps(view)
    def answer(request: UserRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Http404:
            heir = Contact.objects.heir([pk], request.user)
            if heir is None:
                raise
            if request.method not in ("GET", "HEAD"):
                raise BecameAnother(heir) from None
            return redirect(heir)

    return answer
