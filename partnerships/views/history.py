"""The history of a partnership: every event of its chain, newest first."""

from django.http import HttpRequest, HttpResponse

from foundation.audit import history as audit
from partnerships.views.shared import partnership_for, partnership_page


def history(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    shown = audit.history(partnership.audit_scope, before=request.GET.get("before"))
    return partnership_page(request, partnership, "history", "partnerships/history.html", history=shown)
