"""Documents, issues and trainings for tests."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from foundation.files import store
from partnerships.categories import DocumentCategory
from partnerships.information import InformationClass
from partnerships.models import Document, DocumentVersion, Issue, IssueImpact, Training, TrainingAttendance
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic
from tests.factories.partnerships import PartnershipFactory, person_as


class VersionFactory(DjangoModelFactory):
    class Meta:
        model = DocumentVersion

    number = 1
    added_at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    added_by = factory.LazyAttribute(
        lambda v: person_as(
            PartnershipRole.PUBLIC_LEAD, v.document.partnership, organisation=v.document.partnership.public_lead
        )
    )
    file = factory.LazyAttribute(
        lambda v: store.keep_bytes(
            b"What we mean to do\n", name="paper.txt", content_type="text/plain; charset=utf-8",
            scope=v.document.partnership.audit_scope, by=None,
        )
    )  # fmt: skip


class DocumentFactory(DjangoModelFactory):
    """With one version, added by the public lead on 4 May 2026."""

    class Meta:
        model = Document
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    category = DocumentCategory.LOGIC_MODEL
    title = factory.Sequence(lambda n: f"Document {n}")
    information_class = InformationClass.PARTNERSHIP
    class_since = date(2026, 5, 4)
    confirmed_on = date(2026, 5, 4)
    first = factory.RelatedFactory(VersionFactory, factory_related_name="document")


class IssueFactory(DjangoModelFactory):
    class Meta:
        model = Issue

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Issue {n}")
    what_happened = "The minibus broke down."
    impact = IssueImpact.MEDIUM
    owner = factory.LazyAttribute(lambda issue: person_as(PartnershipRole.EVALUATOR, issue.partnership))
    opened_on = date(2026, 5, 4)
    due_on = date(2026, 12, 1)


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = Training

    partnership = factory.SubFactory(PartnershipFactory)
    held_on = date(2026, 5, 4)
    topic = Topic.PROCUREMENT
    title = factory.Sequence(lambda n: f"Training {n}")
    given_by = "A trainer"
    hours = "2.5"


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = TrainingAttendance

    training = factory.SubFactory(TrainingFactory)
    people = 3
