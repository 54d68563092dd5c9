"""The public pages for search engines, in one list, with addresses that begin with SITE_URL whoever asks."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from lessons.models import LearningPoint, Lesson, Profile
from partnerships.models import PublicPage
from procurement.models import Tender

PAGES = (
    "home", "lessons:library", "lessons:learning_points", "lessons:profiles", "lessons:known",
    "partnerships:in_public", "procurement:notices", "accessibility",
)  # fmt: skip

if TYPE_CHECKING:
    Base = Sitemap[Any]
else:
    Base = Sitemap


class OwnSitemap(Base):
    protocol = None
    changed: ClassVar[tuple[str, ...]] = ()

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(urlsplit(settings.SITE_URL).scheme)

    def get_domain(self, site: Any = None) -> str:
        return str(urlsplit(settings.SITE_URL).netloc)

    def lastmod(self, item: Any) -> datetime | None:
        return next((moment for name in self.changed if (moment := getattr(item, name))), None)


class Pages(OwnSitemap):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: Any) -> None:
        return None


class Lessons(OwnSitemap):
    changed = ("revised_at", "published_at")

    def items(self) -> QuerySet[Lesson]:
        return Lesson.objects.published().only("slug", "published_at", "revised_at").order_by("number")


class LearningPoints(OwnSitemap):
    changed = ("revised_at", "published_at")

    def items(self) -> QuerySet[LearningPoint]:
        return LearningPoint.objects.listed().only("slug", "published_at", "revised_at").order_by("number")


class Profiles(OwnSitemap):
    changed = ("revised_at", "published_at")

    def items(self) -> QuerySet[Profile]:
        return Profile.objects.listed().only("slug", "published_at", "revised_at").order_by("number")


class PublicPages(OwnSitemap):
    changed = ("published_at",)

    def items(self) -> QuerySet[PublicPage]:
        return PublicPage.objects.published().select_related("partnership").order_by("pk")

    def location(self, item: PublicPage) -> str:
        return reverse("partnerships:public_page", args=[item.partnership.public_id])


class Notices(OwnSitemap):
    changed = ("published_at",)

    def items(self) -> QuerySet[Tender]:
        return Tender.objects.published().only("public_id", "published_at").order_by("pk")


SITEMAPS = {
    "pages": Pages, "lessons": Lessons, "learning-points": LearningPoints, "profiles": Profiles,
    "partnerships": PublicPages, "notices": Notices,
}  # fmt: skip
