"""Access policies of search domains, and what stands between them and the public."""

from __future__ import annotations

from functools import cached_property

from partywall.aws import policy_place as place
from partywall.aws.opensearch import Domain
from partywall.aws.policy import Statement
from partywall.aws.resource import CONTAINER, Resource
from partywall.truth import NO, Truth

_NAMES = ("domain_name", "id")


class DomainStatement(Statement, service="opensearch", model=CONTAINER):
    """A statement in the policy of a search domain."""

    places = place.DOMAIN

    @cached_property
    def _domain(self) -> Domain | None:
        """The domain it is about, where that is declared here."""
        if self.declared.type in Domain.cloudformation + Domain.terraform:
            return Domain(self.view, self.declared)
        named = Resource(self.view, self.declared).read((), "domain_name")
        found = self.view.target(named, Domain.terraform)
        return None if found is None else Domain(self.view, found)

    @property
    def in_vpc(self) -> Truth:
        """Whether the domain stands in a VPC."""
        return NO if self._domain is None else self._domain.in_vpc

    @property
    def fine_grained(self) -> Truth:
        """Whether the domain asks again who may read which index."""
        return NO if self._domain is None else self._domain.fine_grained
