"""What security groups and their rules say about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import INFRASTRUCTURE, Resource, text
from partywall.aws.security_group import AnyGroupRule
from partywall.graph import View
from partywall.truth import Truth, no
from partywall.value import Known, fits

STOCK = "Managed by Terraform"
"""What Terraform's provider writes for a group that says nothing."""


class Described(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=AnyGroupRule.cloudformation,
    terraform=AnyGroupRule.terraform,
):
    """A security group that somebody makes, or a rule of one."""

    description = text(cfn=("GroupDescription", "Description"), tf="description", default="")

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Groups, then rules of both directions."""
        for declared in view.of(("AWS::EC2::SecurityGroup", "aws_security_group")):
            yield cls(view, declared)
        for rule in AnyGroupRule.subjects(view):
            yield cls(view, rule.declared, rule.value, rule.key)

    @property
    def is_described(self) -> Truth:
        """Whether it says what it is for."""
        owner, said = self.declared.address, self.description
        if isinstance(said, Known) and said.it.strip() == "":
            return no("no description is given", said.span, owner)
        return fits(said, "the description", lambda it: it.strip() not in ("", STOCK), owner)
