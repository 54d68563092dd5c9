"""The permissions page: every role and what it may do, from the same tables the portal asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from psp_portal.role_tables import role_tables


def permissions(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/permissions.html", {"tables": role_tables()})
