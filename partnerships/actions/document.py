"""The document register: add, next version, confirm, and read what is kept on record (`domain.md` 1.5 to 1.7)."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.template.defaultfilters import filesizeformat

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.files import store
from foundation.files.models import StoredFile
from foundation.files.names import label
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.registers import blockers_to_write
from partnerships.actions.sharing import log_sharing
from partnerships.categories import DocumentCategory
from partnerships.information import InformationClass
from partnerships.models import Document, DocumentVersion, Partner, Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Organisation, Person

HOW = "In the portal’s document register"


def room_left(partnership: Partnership) -> int:
    """Bytes: of all files that the partnership keeps in the portal, not of its documents alone."""
    used = StoredFile.objects.filter(scope=partnership.audit_scope).aggregate(sum=Sum("size"))["sum"] or 0
    quota: int = settings.PARTNERSHIP_QUOTA_BYTES
    return max(0, quota - used)


def blockers_to_confirm(document: Document) -> list[str]:
    """Why nobody can say now that a document still holds."""
    told = [f"“{document}” was confirmed today."] if document.confirmed_on == clock.today() else []
    return blockers_to_write(document.partnership) + told


@verb("document.add", on="partnership")
def add_document(
    *,
    partnership: Partnership,
    category: str,
    title: str,
    information_class: str,
    partner: Partner | None,
    file: "UploadedFile[bytes]",
    log: bool,
    by: "Person",
) -> Document:
    """Put a document into the register. `partner` says whose it is, if partner-confidential; `log`: it is information
    shared, so the information-sharing log says so at once."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    if category not in DocumentCategory.values:
        raise ValidationError({"category": "Choose what sort of document it is."})
    check_class(partnership, information_class, partner)
    document = Document.objects.create(
        partnership=partnership, category=category, title=title, information_class=information_class, partner=partner,
        confirmed_on=clock.today(),
    )  # fmt: skip
    version = _keep(document, file, note="", by=by)
    if not Document.objects.visible_to(by).filter(pk=document.pk).exists():
        raise ValidationError({"information_class": _not_yours(document)})
    if log:
        _log(version, by)
    told = f"added the document “{document}” ({document.get_information_class_display().lower()})"
    record("document.add", on=document, by=by, summary=told, after=_facts(document) | _file_facts(version))
    return document


@verb("document.next_version", on="document")
def add_version(
    *, document: Document, file: "UploadedFile[bytes]", note: str, log: bool, by: "Person", version: int | None = None
) -> DocumentVersion:
    """The next version of a document; the ones before stay readable. A new version holds from today."""
    partnership = locked(document.partnership)
    document = locked(document, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    require_knowledge(document, by)
    stop_if(blockers_to_write(partnership))
    if not note.strip():
        raise ValidationError({"note": "Say what changed, so that nobody has to compare the two."})
    added = _keep(document, file, note=note, by=by)
    document.confirmed_on, document.version = clock.today(), document.version + 1
    document.save(update_fields=["confirmed_on", "version"])
    if log:
        _log(added, by)
    told = f"added version {added.number} of “{document}”"
    record("document.next_version", on=document, by=by, summary=told, reason=note, after=_file_facts(added))
    return added


@verb("document.confirm", on="document")
def confirm_document(*, document: Document, by: "Person", version: int | None = None) -> None:
    """Say that the newest version still holds: gates ask how long ago somebody said so."""
    partnership = locked(document.partnership)
    document = locked(document, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    require_knowledge(document, by)
    stop_if(blockers_to_confirm(document))
    before = document.confirmed_on
    document.confirmed_on, document.version = clock.today(), document.version + 1
    document.save(update_fields=["confirmed_on", "version"])
    record(
        "document.confirm", on=document, by=by, summary=f"confirmed that “{document}” still holds",
        before={"confirmed_on": before.isoformat()}, after={"confirmed_on": document.confirmed_on.isoformat()},
    )  # fmt: skip


@verb("document.read", on="document")
def read_on_record(*, document: Document, number: int, by: "Person") -> DocumentVersion:
    """Take a copy of a version whose readers are recorded: confidential, or read by a partner that joined later."""
    found = DocumentVersion.objects.visible_to(by).filter(document=document, number=number).first()
    if found is None:
        raise NotPermitted("You may not read this document. The page of the document register says who may read what.")
    record("document.read", on=document, by=by, summary=f"took a copy of “{document}”, version {number}")
    return found


def require_knowledge(document: Document, by: "Person") -> None:
    """Whoever may not read a document cannot change it either, whatever their role."""
    if not Document.objects.visible_to(by).filter(pk=document.pk).exists():
        raise NotPermitted("You may not change a document that you may not read.")


def check_class(partnership: Partnership, information_class: str, partner: Partner | None) -> None:
    """A class that exists, and a partner exactly where it is a partner's own."""
    if information_class not in InformationClass.values:
        raise ValidationError({"information_class": "Choose one of the four classes."})
    theirs = information_class == InformationClass.PARTNER
    if theirs and partner is None:
        raise ValidationError({"partner": "Say whose it is: only that partner and the public lead will read it."})
    if partner and not theirs:
        raise ValidationError({"partner": "Leave it empty: only a partner-confidential document is one partner’s own."})
    if partner and partner.partnership_id != partnership.pk:
        raise ValidationError({"partner": f"{partner} is no partner of this partnership."})


def _keep(document: Document, file: "UploadedFile[bytes]", *, note: str, by: "Person") -> DocumentVersion:
    room = room_left(document.partnership)
    if (file.size or 0) > room:
        raise ValidationError({"file": _no_room(file, room)})
    try:
        kept = store.keep_upload(file, scope=document.partnership.audit_scope, by=by)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    number = (document.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return DocumentVersion.objects.create(document=document, number=number, file=kept, note=note, added_by=by)


def _no_room(file: "UploadedFile[bytes]", room: int) -> str:
    quota = filesizeformat(settings.PARTNERSHIP_QUOTA_BYTES)
    name, size = label(file.name or ""), filesizeformat(file.size or 0)
    return (
        f"“{name}” is {size}, and {filesizeformat(room)} is left of the {quota} that this partnership may keep in the "
        "portal. Make the file smaller, for example by reducing the size of its pictures, or ask the people who run "
        "the portal for more room."
    )


def _log(version: DocumentVersion, by: "Person") -> None:
    given_to = receivers(version.document, by)
    if given_to:
        log_document(version.document, f"version {version.number}", given_to, by)


def log_document(document: Document, what: str, given_to: "list[Organisation]", by: "Person") -> None:
    """Write into the information-sharing log that these organisations can read (part of) a document now."""
    log_sharing(
        partnership=document.partnership, what=f"Document “{document}”, {what}", given_to=given_to,
        shared_on=clock.today(), how=HOW, shared_by=by, information_class=document.information_class, by=by,
    )  # fmt: skip


def receivers(document: Document, by: "Person") -> "list[Organisation]":
    """To whom a document's class gives it, the giver's own organisation apart: nobody where it is public or secret."""
    partners = Partner.objects.current().filter(partnership=document.partnership).select_related("organisation")
    others = [p.organisation for p in partners if p.organisation_id != by.organisation_id]
    if document.information_class == InformationClass.PARTNERSHIP:
        return others
    if document.information_class == InformationClass.PARTNER and document.partner:
        either = (document.partner.organisation_id, document.partnership.public_lead_id)
        return [organisation for organisation in others if organisation.pk in either]
    return []


def _not_yours(document: Document) -> str:
    if document.information_class == InformationClass.AUTHORITY:
        return f"Only people of {document.partnership.public_lead} keep what is authority-confidential."
    return "Only people of the partner whose it is, or of the public lead, keep this."


def _facts(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "category": document.category,
        "class": document.information_class,
        "partner": str(document.partner or ""),
    }


def _file_facts(version: DocumentVersion) -> dict[str, Any]:
    return {"version": version.number, "file": version.file.name, "sha256": version.file.sha256}
