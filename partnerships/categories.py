"""What a document is, in the words of `domain.md` 1.5 and 1.7. A gate asks for documents by category."""

from django.db import models


class DocumentCategory(models.TextChoices):
    """In the order in which a partnership comes to need them."""

    SCOPING_NOTE = "scoping_note", "Scoping note"
    OPTIONS_APPRAISAL = "options_appraisal", "Options appraisal"
    SPONSOR_LETTER = "sponsor_letter", "Sponsor’s letter"
    SERVICE_DESIGN = "service_design", "Service design"
    LOGIC_MODEL = "logic_model", "Logic model"
    BUSINESS_CASE = "business_case", "Business case"
    PARTNERSHIP_AGREEMENT = "agreement", "Partnership agreement"
    DATA_SHARING = "data_sharing", "Data-sharing agreement"
    EQUALITY = "equality", "Equality impact assessment"
    DATA_PROTECTION = "data_protection", "Data protection impact assessment"
    PILOT_PLAN = "pilot_plan", "Pilot plan"
    EVALUATION_PLAN = "evaluation_plan", "Evaluation plan"
    EXIT_PLAN = "exit_plan", "Pilot exit plan"
    REVIEW_REPORT = "review_report", "Mid-pilot review report"
    EVALUATION_REPORT = "evaluation_report", "Evaluation report"
    REDESIGN_NOTE = "redesign_note", "Redesign note"
    DRAFT_SPECIFICATION = "draft_specification", "Draft specification"
    PROCUREMENT_STRATEGY = "procurement_strategy", "Procurement strategy"
    AWARD_REPORT = "award_report", "Award report"
    MOBILISATION_PLAN = "mobilisation_plan", "Mobilisation plan"
    OTHER = "other", "Other"
