"""Who may reach each address of this app (see `foundation.policy.table`). Membership is `Partnership.visible_to`."""

from foundation.policy.table import Rule, form, page, verb

MEMBER = "a part in the partnership"


def _may(ability: str) -> str:
    return f"{MEMBER}, and a role that may {ability}"


POLICY: dict[str, Rule] = {
    "pilots:pilot": page(MEMBER),
    "pilots:indicators": page(MEMBER),
    "pilots:indicator_add": form(_may("change the plan")),
    "pilots:indicator_edit": form(_may("change the plan")),
    "pilots:returns_plan": form(_may("change the plan")),
    "pilots:return": page(MEMBER),
    "pilots:return_fill_in": form(_may("log the pilot's progress")),
    "pilots:return_accept": verb(_may("accept or return the pilot's returns; not the person who submitted it")),
    "pilots:return_send_back": form(_may("accept or return the pilot's returns; not the person who submitted it")),
    "pilots:evaluation": page(MEMBER),
    "pilots:evaluation_write": form(_may("log the pilot's progress or sign off its evaluation")),
    "pilots:evaluation_sign": verb(_may("sign off the pilot evaluation")),
    "pilots:evaluation_report": page(MEMBER),
}
