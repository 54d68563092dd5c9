"""An idea from somebody without an account: received, and its personal details forgotten in time."""

from datetime import datetime, time, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery.retention import forget_addresses
from foundation.policy.refusals import stop_if
from partnerships.lifecycle import OVER
from partnerships.models import Idea, IdeaTally, Partnership
from partnerships.models.idea import DETAILS, LONGEST_IDEA
from partnerships.moderation import IdeaKind

IPV6_OF_ONE_CUSTOMER = 64
TALLIES_KEPT_DAYS = 2


def blockers_to_send(partnership: Partnership) -> list[str]:
    """Why no idea can be sent now. The page asks first, so that no machine fills the history with refusals."""
    page = getattr(partnership, "public_page", None)
    if page is None or not page.is_published:
        return ["This partnership has no public page."]
    if partnership.stage in OVER:
        return ["The work of this partnership is over, so it takes no more ideas."]
    if not page.takes_ideas:
        return ["This partnership takes no ideas through its page at the moment."]
    return []


@verb("idea.send", on="partnership")
def send_idea(
    *,
    partnership: Partnership,
    kind: str,
    text: str,
    sender: str,
    name: str = "",
    email: str = "",
    access_needs: str = "",
    by: None = None,
) -> Idea:
    """Keep what somebody sent until a moderator reads it. `sender` is their network address: only its hash is kept."""
    partnership = locked(partnership)
    stop_if(blockers_to_send(partnership))
    _check(kind, text)
    count_one_more(sender, "ideas")
    idea = Idea.objects.create(
        partnership=partnership, kind=kind, text=text, name=name, email=email, access_needs=access_needs
    )
    what = "an idea" if kind == IdeaKind.IDEA else "a comment"
    record("idea.send", on=idea, by=by, summary=f"received {what} from the public page")
    return idea


def _check(kind: str, text: str) -> None:
    if kind not in IdeaKind.values:
        raise ValidationError({"kind": "Choose whether it is an idea or a comment."})
    if not text.strip():
        raise ValidationError({"text": "Write your idea or comment."})
    if len(text) > LONGEST_IDEA:
        raise ValidationError({"text": f"Keep it below {LONGEST_IDEA:,} characters."})


def count_one_more(sender: str, what: str) -> None:
    """One more today from this address, ideas and requests together.

    A value that is refused, not a refusal: those would fill the history.
    """
    IdeaTally.objects.get_or_create(day=clock.today(), sender=hashed(sender))
    tally = IdeaTally.objects.select_for_update().get(day=clock.today(), sender=hashed(sender))
    if tally.ideas >= settings.IDEAS_A_DAY:
        raise ValidationError(
            f"Today {tally.ideas} {what} came from your network already, and no more are taken from it. "
            "What you typed is still here: keep a copy and send it tomorrow."
        )
    tally.ideas += 1
    tally.save(update_fields=["ideas"])


def hashed(sender: str) -> str:
    """The address under a key that changes every day, so that two days cannot be joined."""
    address = ip_address(sender)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    elif isinstance(address, IPv6Address):  # one customer has 2**64 of them
        address = IPv6Address(int(address) >> IPV6_OF_ONE_CUSTOMER << IPV6_OF_ONE_CUSTOMER)
    key = f"partnerships.idea:{clock.today().isoformat()}"
    return salted_hmac(key, str(address), algorithm="sha256").hexdigest()


def forget_details() -> int:
    """What the timetable does: names and addresses that waited too long, those of sent mails, and old tallies."""
    longest = clock.today() - timedelta(days=settings.IDEA_DETAILS_DAYS)
    moment = timezone.make_aware(datetime.combine(longest, time(12)))
    IdeaTally.objects.filter(day__lte=clock.today() - timedelta(days=TALLIES_KEPT_DAYS)).delete()
    ideas = list(Idea.objects.with_details().filter(created_at__lt=moment).select_related("partnership"))
    for idea in ideas:
        forget_details_of(idea=idea, by=None)
    return len(ideas) + forget_addresses(written_before=moment)


@verb("idea.forget", on="idea")
def forget_details_of(*, idea: Idea, by: None) -> None:
    """Delete who sent it: nobody answered in time."""
    idea = locked(idea)
    if not any(getattr(idea, name) for name in DETAILS):
        return
    clear(idea)
    idea.save(update_fields=[*DETAILS, "version"])
    days = settings.IDEA_DETAILS_DAYS
    record("idea.forget", on=idea, by=by, summary=f"deleted who sent an idea: nobody decided on it in {days} days")


def clear(idea: Idea) -> None:
    for name in DETAILS:
        setattr(idea, name, "")
    idea.version += 1
