"""Who may read a document: change its class, or grant earlier versions to a partner that joined later.

Source: `domain.md` 1.6 and scenario 22. A wider class is given by the side whose document it is; a narrower one never
pretends that nobody has read it.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.document import check_class, log_document, receivers, require_knowledge
from partnerships.actions.registers import blockers_to_write
from partnerships.information import InformationClass
from partnerships.models import Document, DocumentClassChange, DocumentGrant, Partner
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

OPENNESS = list(InformationClass)  # most open first


def is_narrower(before: str, after: str) -> bool:
    """Whether fewer people may read what has the class `after` than what had the class `before`."""
    return OPENNESS.index(InformationClass(after)) > OPENNESS.index(InformationClass(before))


@verb("document.change_class", on="document")
def change_class(
    *,
    document: Document,
    information_class: str,
    reason: str,
    stays_known: bool,
    log: bool,
    by: "Person",
    version: int | None = None,
) -> None:
    """Let more people read a document, or fewer: then `stays_known` says that what was read stays known."""
    partnership = locked(document.partnership)
    document = locked(document, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    require_knowledge(document, by)
    if by.organisation_id != document.owner_id:
        raise NotPermitted("You may not change the class of this document. People of the side whose it is may.")
    stop_if(blockers_to_write(partnership))
    before, partner = document.information_class, _own_partner(document, information_class, by)
    _check_change(document, information_class, reason, stays_known)
    check_class(partnership, information_class, partner)
    told_in = document.audit_scope
    document.information_class, document.partner, document.class_since = information_class, partner, clock.today()
    document.version += 1
    document.save(update_fields=["information_class", "partner", "class_since", "version"])
    require_knowledge(document, by)
    DocumentClassChange.objects.create(
        document=document, before=before, after=information_class, reason=reason, changed_by=by
    )
    given_to = receivers(document, by)
    if log and given_to and not is_narrower(before, information_class):
        log_document(document, "all versions", given_to, by)
    scope = told_in if is_narrower(before, information_class) else document.audit_scope
    record(
        "document.change_class", on=document, by=by, reason=reason, scope=scope,
        summary=f"made “{document}” {document.get_information_class_display().lower()}",
        before={"class": before}, after={"class": information_class},
    )  # fmt: skip


def _check_change(document: Document, information_class: str, reason: str, stays_known: bool) -> None:
    if information_class not in InformationClass.values or information_class == document.information_class:
        raise ValidationError({"information_class": "Choose a class that it does not have already."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Whoever may read the document can read the reason."})
    if is_narrower(document.information_class, information_class) and not stays_known:
        raise ValidationError({"stays_known": "Tick this: it can have been read, and this change does not undo that."})


def _own_partner(document: Document, information_class: str, by: "Person") -> Partner | None:
    if information_class != InformationClass.PARTNER:
        return None
    mine = Partner.objects.current().filter(partnership=document.partnership, organisation=by.organisation_id)
    return mine.first()


def late_partners(document: Document) -> list[Partner]:
    """Partners that may read a partnership-shared document, but not the versions from before they joined."""
    if document.information_class != InformationClass.PARTNERSHIP:
        return []
    first = document.versions.order_by("number").first()
    if first is None:
        return []
    since = max(first.shared_on, document.class_since)
    leads = (document.partnership.public_lead_id, document.partnership.third_sector_lead_id)
    partners = Partner.objects.current().filter(partnership=document.partnership, joined_on__gt=since)
    partners = partners.exclude(organisation__in=leads)
    granted = DocumentGrant.objects.filter(document=document).values("partner__organisation")
    return list(partners.exclude(organisation__in=granted).select_related("organisation").order_by("joined_on", "pk"))


def blockers_to_grant(document: Document) -> list[str]:
    """Why nothing of a document can be granted to a partner that joined later."""
    if document.information_class != InformationClass.PARTNERSHIP:
        return ["Only partnership-shared documents are granted: the class of any other says who reads it."]
    told = [] if late_partners(document) else ["Every partner can read all versions of this document."]
    return blockers_to_write(document.partnership) + told


@verb("document.grant", on="document")
def grant_document(*, document: Document, partner: Partner, reason: str, log: bool, by: "Person") -> DocumentGrant:
    """Give a partner what is older than its joining. Nobody grants to their own organisation."""
    partnership = locked(document.partnership)
    document = locked(document)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    require_knowledge(document, by)
    stop_if(blockers_to_grant(document))
    if partner not in late_partners(document):
        raise ValidationError({"partner": f"{partner} can read all versions of this document."})
    if partner.organisation_id == by.organisation_id:
        raise NotPermitted(
            f"You may not grant papers to {partner}, for whom you work. Somebody of another partner may."
        )
    if not reason.strip():
        raise ValidationError({"reason": "Say why it needs them. Everyone who reads the document can read the reason."})
    grant = DocumentGrant.objects.create(document=document, partner=partner, reason=reason, granted_by=by)
    if log:
        log_document(document, f"versions from before {partner} joined", [partner.organisation], by)
    told = f"granted the earlier versions of “{document}” to {partner}"
    record("document.grant", on=document, by=by, summary=told, reason=reason, after={"partner": str(partner)})
    return grant
