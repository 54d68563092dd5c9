"""Asking for the gate pack: the gate's page as a PDF, frozen at that moment and printed by the worker."""

from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted
from foundation.rendering import jobs
from partnerships.lifecycle import Gate
from partnerships.models import GatePack, Partnership, roles_of
from partnerships.packs import KIND, checksum, content_of

if TYPE_CHECKING:
    from accounts.models import Person


@verb("gate.pack", on="partnership")
def request_pack(*, partnership: Partnership, gate: Gate, by: "Person") -> GatePack:
    """Freeze what the gate's page says and queue its PDF. Everybody who may read the page may have it on paper."""
    partnership = locked(partnership)
    if not roles_of(by, partnership):
        raise NotPermitted("Only somebody with a part in this partnership can have the pack of its gates.")
    content = content_of(partnership, gate)
    seal = checksum(content)
    pack = GatePack.objects.filter(partnership=partnership, gate=gate, checksum=seal).first()
    if pack is None:
        pack = GatePack.objects.create(partnership=partnership, gate=gate, content=content, checksum=seal, asked_by=by)
    pack.render_job = jobs.request(
        kind=KIND,
        inputs={"pack": pack.public_id},
        key=f"{KIND}:{pack.public_id}",
        title=f"Gate pack {gate.value}",
        by=by,
        scope=partnership.audit_scope,
    )
    pack.save(update_fields=["render_job"])
    record("gate.pack", on=pack, by=by, summary=f"asked for the pack of gate {gate.value}", after={"checksum": seal})
    return pack
