"""The pages of docs/ that are written from the code, as Markdown: permissions.md and lifecycle.md."""

from collections.abc import Iterable, Sequence

from foundation.policy.table import Rule
from partnerships import gates
from partnerships.categories import DocumentCategory
from partnerships.checklist import VARIANT_MEANS, Variant, shipped
from partnerships.lifecycle import MOVES_BACK, OVER, PASSAGES, WHAT_HAPPENS, GateOutcome, Stage
from procurement.lifecycle import MOVES, TenderState
from psp_portal.policy import TABLE
from psp_portal.role_tables import role_tables

WRITTEN_FROM = "<!-- Written by `make docs` from {source}. Change the code, not this page. -->"


def pages() -> dict[str, str]:
    """File name below docs/ → its whole text."""
    return {"permissions.md": permissions(), "lifecycle.md": lifecycle()}


def permissions() -> str:
    parts = [
        "# Who may do what",
        WRITTEN_FROM.format(source="each app's `permissions.py` and `policy.py`"),
        "Four questions are asked in this order: may you know it exists (otherwise 404), may you do this (otherwise "
        "403 with the reason), is now the time (otherwise 409 with what is missing), can it be true at all. The "
        "tables below answer the second; the portal shows the same ones at `/permissions/`.",
    ]
    for table in role_tables():
        rows = ((row.role, row.description, "; ".join(row.may) or "read only") for row in table.rows)
        parts += [f"## {table.title}", table.given_by, _table(("Role", "What it is for", "May"), rows)]
    parts += [
        "## Addresses",
        "The first door: who may reach a page at all. What they may see and do behind it is decided for each object.",
        _table(("Page", "Methods", "Who"), (_address(name, rule) for name, rule in sorted(TABLE.items()))),
    ]
    return _page(parts)


def lifecycle() -> str:
    return _page(
        [
            "# The life of a partnership and of its tender",
            WRITTEN_FROM.format(
                source="`partnerships/lifecycle.py`, `partnerships/data/checklists.toml` and `procurement/lifecycle.py`"
            ),
            "## Stages of a partnership",
            _table(("Stage", "What happens"), ((stage.label, WHAT_HAPPENS[stage]) for stage in Stage)),
            _diagram(
                [(p.leaves.label, p.enters.label, p.gate.value) for p in PASSAGES]
                + [(leaves.label, enters.label, "back") for leaves, enters in MOVES_BACK.items()]
                + [(stage.label, Stage.STOPPED.label, "stop") for stage in Stage if stage not in OVER]
            ),
            "## Gates",
            "A gate opens when its evidence is complete and both signers have signed the same decision. Whoever has a "
            "declared interest does not sign. A decision is one of: "
            + "; ".join(outcome.label for outcome in GateOutcome)
            + ".",
            _table(
                ("Gate", "Question", "From", "To", "Who signs"),
                (
                    (p.gate.label, p.question, p.leaves.label, p.enters.label,
                     " and ".join(role.label for role in p.signers))
                    for p in PASSAGES
                ),
            ),
            "Back, with a reason and the same two signatures: "
            + "; ".join(f"{leaves.label} to {enters.label}" for leaves, enters in MOVES_BACK.items())
            + ".",
            "A review moves no stage: it leaves and enters the same one. The way out of the pilot asks for gate G2, "
            "and the award for gate G5.",
            "## Checklists of the gates, version 1",
            "The version in force on the day a partnership enters the gate’s stage is asked of it. Later versions are "
            "published in the portal. What is older than its months counts as missing until somebody confirms it. "
            "Kinds of partnership: "
            + "; ".join(f"{variant.label}: {VARIANT_MEANS[variant]}" for variant in Variant)
            + ".",
            _table(("Gate", "Item", "What is asked for", "How", "Fresh for", "Asked of"), _checklist_rows()),
            "## States of a tender",
            _diagram(
                [(leaves.label, move.enters.label, name) for name, move in MOVES.items() for leaves in move.leaves]
            ),
            _table(
                ("Move", "From", "To", "Who", "When"),
                (
                    (name, ", ".join(state.label for state in move.leaves), TenderState(move.enters).label, move.who,
                     move.when)
                    for name, move in MOVES.items()
                ),
            ),
        ]
    )  # fmt: skip


def _checklist_rows() -> Iterable[Sequence[str]]:
    labels = {fact.key: fact.label for fact in gates.facts()} | dict(DocumentCategory.choices)
    for gate, version in shipped().items():
        for item in version.items:
            source = f": {labels[item.source]}" if item.source else ""
            fresh = f"{item.fresh_months} months" if item.fresh_months else "always"
            asked_of = "all" if len(item.variants) == len(Variant) else ", ".join(v.label for v in item.variants)
            yield gate.value, item.name, item.asks, f"{item.kind.label}{source}", fresh, asked_of


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _address(name: str, rule: Rule) -> tuple[str, str, str]:
    return (f"`{name}`", ", ".join(method for method in rule.methods if method != "HEAD"), rule.needs)


def _diagram(moves: Iterable[tuple[str, str, str]]) -> str:
    """A Mermaid state diagram; GitHub draws it, everyone else reads the arrows."""
    moves = list(moves)
    names = list(dict.fromkeys(name for leaves, enters, _ in moves for name in (leaves, enters)))
    code = {name: f"s{number}" for number, name in enumerate(names)}
    lines = [f'    state "{name}" as {code[name]}' for name in names]
    lines += [f"    {code[leaves]} --> {code[enters]}: {label}" for leaves, enters, label in moves]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
