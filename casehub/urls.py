"""The addresses: the API, and one page for everything else."""

from __future__ import annotations

import sys
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import ensure_csrf_cookie
from ninja import NinjaAPI

from casehub.accounts.api import router as accounts
from casehub.cases.api import router as cases
from casehub.core.errors import AGAIN, NOT_NOW, DomainError, NotAllowed, NotVisible
from casehub.core.http import StrictParser, as_response, install_handlers
from casehub.core.storage import NOT_STORED, refused_by
from casehub.custody.api import router as custody
from casehub.deadlines.api import router as deadlines
from casehub.designations.api import router as designations
from casehub.digests.api import router as digests
from casehub.directory.api import router as directory
from casehub.edge.probes import router as probing
from casehub.indicators.api import router as indicators
from casehub.notes.api import router as notes
from casehub.oversight.api import router as oversight
from casehub.oversight.console import router as console
from casehub.papers.api import router as papers
from messaging.api import router as messaging
from requests_mla.api import router as requests_mla

api = NinjaAPI(
    title="CaseHub",
    version="1",
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
install_handlers(api)
for router in (
    accounts,
    directory,
    cases,
    notes,
    designations,
    messaging,
    requests_mla,
    custody,
    oversight,
    console,
    digests,
    deadlines,
    indicators,
    papers,
):
    api.add_router("", router)
if settings.DEMO:
    from casehub.demo.api import router as demo

    api.add_router("", demo)

# For whoever runs the server: at addresses of their own, and in no document of the API.
probes = NinjaAPI(title="CaseHub", docs_url=None, openapi_url=None, urls_namespace="probes")
install_handlers(probes)
probes.add_router("", probing)
# Without Ninja's own root, which would stand before the page.
_probed = [one for one in probes.urls[0] if getattr(one, "name", None) != "api-root"]


@cache
def _page() -> bytes:
    return (settings.FRONTEND_DIST / "index.html").read_bytes()


@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Serve the one page; its script draws whatever the address says."""
    del request
    try:
        return HttpResponse(_page(), content_type="text/html; charset=utf-8")
    except FileNotFoundError:
        text = "The front end is not built: run `make setup`."
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=503)


def not_found(request: HttpRequest) -> JsonResponse:
    """Answer unknown API addresses like everything that is not there."""
    return as_response(NotVisible(), request)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Answer a missing CSRF token in the common shape."""
    del reason
    return as_response(NotAllowed("csrf"), request)


def failed(request: HttpRequest) -> HttpResponse:
    """
    Answer what fell outside every route, as a session that is asked of a dead database, in words.

    Also what had no place among those at work (`casehub.edge.handler`).

    Whoever opens a page gets it all the same: it reads what is on the device, and tries again.
    """
    if not request.path.startswith("/api/") and request.method == "GET":
        answer = page(request)
        answer.status_code, answer["Retry-After"] = NOT_NOW, str(AGAIN)
        return answer
    error = sys.exc_info()[1]
    if isinstance(error, NOT_STORED):
        error = refused_by(error)
    known = error if isinstance(error, DomainError) else DomainError("server-error")
    return as_response(known, request)


handler500 = failed
urlpatterns = [
    path("api/", api.urls),
    path("", (_probed, *probes.urls[1:])),
    re_path(r"^api/", not_found),
    re_path(r"^(?!static/|socket$).*$", page),
]
