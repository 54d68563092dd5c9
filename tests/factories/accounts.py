"""People and organisations for tests, in honest states."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Organisation, OrganisationKind, Person
from accounts.roles import PortalRole


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Example Organisation {n}")
    kind = OrganisationKind.CHARITY

    class Params:
        public = factory.Trait(kind=OrganisationKind.PUBLIC_AUTHORITY)
        business = factory.Trait(kind=OrganisationKind.BUSINESS)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or "correct horse battery staple")
        if create:
            self.save(update_fields=["password"])

    class Params:
        commissioner = factory.Trait(
            portal_role=PortalRole.COMMISSIONER, organisation=factory.SubFactory(OrganisationFactory, public=True)
        )
        publisher = factory.Trait(portal_role=PortalRole.PUBLISHER)
        administrator = factory.Trait(portal_role=PortalRole.ADMINISTRATOR)
