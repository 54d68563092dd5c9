"""Who may reach each address of this app (see `foundation.policy.table`). Membership is `Partnership.visible_to`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.permissions import Ability, can
from foundation.policy.table import Rule, form, page, verb
from partnerships.permissions import Ability as A

MEMBER = "a part in the partnership"
NOT_ONES_OWN = "; not the person who submitted it"


def either(make: Callable[[str], Rule], *abilities: A, also: str = "") -> Rule:
    """A rule for members whose roles include one of `abilities`; `also` says what else the view asks."""
    said = " or ".join(ability.value for ability in abilities)
    return replace(make(f"{MEMBER}, and a role that may {said}{also}"), abilities=abilities)


def writes_value(make: Callable[[str], Rule]) -> Rule:
    """The evaluation, the SROI map and the social accounts: see `pilots.permissions`."""
    return either(make, A.LOG_PROGRESS, A.SIGN_EVALUATION)


def _keeps_register(person: Any) -> bool:
    return can(person, Ability.KEEP_REGISTER)


POLICY: dict[str, Rule] = {
    "pilots:together": page(),
    "pilots:together_export": page(),
    "pilots:pilot": page(MEMBER),
    "pilots:money": page(MEMBER),
    "pilots:report": page(MEMBER),
    "pilots:report_ask": verb(MEMBER),
    "pilots:evaluation_packs": page(MEMBER),
    "pilots:evaluation_pack_ask": verb(MEMBER),
    "pilots:papers": page(MEMBER),
    "pilots:paper": page(MEMBER),
    "pilots:paper_progress": page(MEMBER),
    "pilots:paper_download": page(MEMBER),
    "pilots:indicators": page(MEMBER),
    "pilots:indicator": page(MEMBER),
    "pilots:who_started": page(MEMBER),
    "pilots:starter_set": either(form, A.EDIT_PLAN),
    "pilots:indicator_add": either(form, A.EDIT_PLAN),
    "pilots:indicator_edit": either(form, A.EDIT_PLAN),
    "pilots:logic_model": page(MEMBER),
    "pilots:logic_model_print": page(MEMBER),
    "pilots:logic_model_write": either(form, A.EDIT_PLAN),
    "pilots:returns": page(MEMBER),
    "pilots:returns_plan": either(form, A.EDIT_PLAN),
    "pilots:return": page(MEMBER),
    "pilots:return_fill_in": either(form, A.LOG_PROGRESS),
    "pilots:return_fill_in_section": either(form, A.LOG_PROGRESS),
    "pilots:return_correct": either(form, A.LOG_PROGRESS),
    "pilots:correction_drop": either(form, A.LOG_PROGRESS),
    "pilots:return_version": page(MEMBER),
    "pilots:data": page(MEMBER),
    "pilots:data_file": page(MEMBER),
    "pilots:all_data": page(),
    "pilots:all_data_file": page(),
    "pilots:workbook": either(form, A.LOG_PROGRESS),
    "pilots:workbook_file": either(page, A.LOG_PROGRESS),
    "pilots:workbook_import": either(page, A.LOG_PROGRESS),
    "pilots:workbook_save": either(verb, A.LOG_PROGRESS),
    "pilots:workbook_undo": either(verb, A.LOG_PROGRESS),
    "pilots:notes": page(MEMBER),
    "pilots:note_add": either(form, A.LOG_PROGRESS),
    "pilots:note_photo": page(MEMBER),
    "pilots:note_set_aside": either(verb, A.LOG_PROGRESS),
    "pilots:reporting": either(form, A.EDIT_PLAN),
    "pilots:thresholds": either(form, A.EDIT_PLAN),
    "pilots:override": either(form, A.EDIT_PLAN),
    "pilots:override_end": either(form, A.EDIT_PLAN),
    "pilots:stories": page(MEMBER),
    "pilots:story_consent": either(form, A.LOG_PROGRESS),
    "pilots:story_publish": either(form, A.ACCEPT_PROGRESS),
    "pilots:story_withdraw": either(form, A.LOG_PROGRESS, A.ACCEPT_PROGRESS),
    "pilots:living_wage": page(),
    "pilots:living_wage_set": form("a commissioner or a portal administrator", _keeps_register),
    "pilots:return_accept": either(verb, A.ACCEPT_PROGRESS, also=NOT_ONES_OWN),
    "pilots:return_send_back": either(form, A.ACCEPT_PROGRESS, also=NOT_ONES_OWN),
    "pilots:evaluation": page(MEMBER),
    "pilots:evaluation_write": writes_value(form),
    "pilots:evaluation_sign": either(verb, A.SIGN_EVALUATION),
    "pilots:evaluation_report": page(MEMBER),
    "pilots:sroi": page(MEMBER),
    "pilots:sroi_map": page(MEMBER),
    "pilots:sroi_print": page(MEMBER),
    "pilots:sroi_pdf": page(MEMBER),
    "pilots:sroi_pdf_progress": page(MEMBER),
    "pilots:sroi_start": writes_value(form),
    "pilots:sroi_settings": writes_value(form),
    "pilots:sroi_inputs": writes_value(form),
    "pilots:sroi_stakeholders": writes_value(form),
    "pilots:sroi_outcome_add": writes_value(form),
    "pilots:sroi_outcome_edit": writes_value(form),
    "pilots:sroi_outcome_remove": writes_value(form),
    "pilots:sroi_redraft": writes_value(verb),
    "pilots:sroi_publish": either(form, A.PUBLISH_VALUE),
    "pilots:social_accounts": page(MEMBER),
    "pilots:social_accounts_write": writes_value(form),
}
