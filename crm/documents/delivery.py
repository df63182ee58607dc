"""Sending a stored file so that nothing in it can act on our pages, and nobody else keeps it."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crm.documents.models import DocumentVersion

log = logging.getLogger(__name__)
SEALED = "sandbox; default-src 'none'; frame-ancestors 'self'"
# A sandbox would keep the browser's own PDF viewer from starting; nothing but it runs here.
PDF_VIEWER = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
NEVER_KEPT = "private, no-store"
ASKED_EACH_TIME = "private, no-cache"  # may be kept, but every use is asked of us first


def as_download(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    response = _stream(request, version.file.name or "", f"{version.sha256}-{version.pk}")
    response["Content-Type"] = version.type.served_as
    response["Content-Security-Policy"] = SEALED
    response["Cache-Control"] = NEVER_KEPT
    name = content_disposition_header(as_attachment=True, filename=version.download_name)
    response["Content-Disposition"] = name or "attachment"
    return _sealed(response)


def inline(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    """For <img> and <iframe> of the preview: only the types browsers draw, by our own sniffing."""
    if not version.type.is_inline:
        raise Http404(_("There is no preview of this file."))
    response = _stream(request, version.file.name or "", f"{version.sha256}-{version.pk}-inline")
    response["Content-Type"] = version.type.content_type
    response["Content-Security-Policy"] = PDF_VIEWER if version.is_pdf else SEALED
    response["Cache-Control"] = NEVER_KEPT
    name = content_disposition_header(as_attachment=False, filename=version.download_name)
    response["Content-Disposition"] = name or "inline"
    return _sealed(response)


def thumbnail(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    if not version.has_thumbnail:
        raise Http404(_("There is no preview of this file."))
    response = _stream(
        request, version.thumbnail.name or "", f"{version.sha256}-{version.pk}-small"
    )
    response["Content-Type"] = "image/webp"
    response["Content-Security-Policy"] = SEALED
    response["Cache-Control"] = ASKED_EACH_TIME
    return _sealed(response)


def _stream(request: HttpRequest, name: str, tag: str) -> HttpResponseBase:
    """From any storage: no local path is assumed. 304 when the reader has the same bytes."""
    etag = f'"{tag}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError:
        log.error("Stored file %s is missing", name)
        raise Http404(_("The file is missing in the storage.")) from None
    response = FileResponse(file)
    response["Content-Length"] = str(file.size)
    response["ETag"] = etag
    return response


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Files are compressed already; packing them again would cost the length and our time.
    response["Content-Encoding"] = "identity"
    return response
