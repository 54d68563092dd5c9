"""How your mails come: the page with every kind, and the page behind the link in each mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.actions.mail import blockers_to_choose, choose_mail, chosen_by
from accounts.forms.mail import MailChoicesForm, MailHowForm
from accounts.models import Person
from accounts.views.shared import person_for, person_of
from foundation.delivery import choosing, kinds
from foundation.delivery.choosing import Whose
from foundation.delivery.kinds import How
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import Refused

# RFC 8058: what a mail program posts, with no cookie and no question, when its reader presses its own button.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


def choices(request: HttpRequest) -> HttpResponse:
    """Every kind of mail: how it comes to me, or why that cannot be changed."""
    person = person_for(request, person_of(request).public_id)  # the row itself, for the action to lock
    form = MailChoicesForm(posted(request), chosen=chosen_by(person))
    if request.method == "POST" and carry_out(
        request, form, lambda: choose_mail(person=person, chosen=form.values(), by=person), done="Saved."
    ):
        return redirect("accounts:mail_choices")
    return render(request, "accounts/mail_choices.html", {"form": form, "fixed": kinds.fixed()})


@csrf_exempt
@never_cache
def how(request: HttpRequest, token: str) -> HttpResponse:
    """How one kind of mail comes to the person the token names. Opening it changes nothing; sending it does.

    No sign-in and no CSRF token: the signed token in the address is what permits it, and it permits nothing else.
    """
    whose = choosing.read(token)
    person = Person.objects.filter(public_id=whose.person).first() if whose else None
    if whose is None or person is None or blockers_to_choose(person):
        raise Http404
    if request.method == "POST" and request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return _switched_off(person, whose)
    kind = kinds.of(whose.kind)
    form = MailHowForm(posted(request), kind=kind, chosen=chosen_by(person)[kind.name])
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: choose_mail(person=person, chosen={kind.name: form.cleaned_data["how"]}, by=person),
        done="Saved. It counts from the next mail on.",
    ):
        return redirect("accounts:mail_how", token)
    return render(request, "accounts/mail_how.html", {"form": form, "kind": kind})


def _switched_off(person: Person, whose: Whose) -> HttpResponse:
    """The answer to a mail program, which shows it to nobody."""
    try:
        choose_mail(person=person, chosen={whose.kind: How.PORTAL}, by=person)
    except Refused as refusal:
        return HttpResponse(" ".join(refusal.reasons), content_type="text/plain; charset=utf-8", status=refusal.status)
    return HttpResponse("From now on in the portal only.", content_type="text/plain; charset=utf-8")
