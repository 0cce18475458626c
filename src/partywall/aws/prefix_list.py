"""Prefix lists: address blocks under one name, for the rules of groups and for routes."""

from __future__ import annotations

from partywall.address import covers_world, is_world, parsed_block, ranges
from partywall.aws.resource import INFRASTRUCTURE, Resource
from partywall.truth import NO, Truth, unknown, yes
from partywall.value import Known, Setting, told

PREFIX_LISTS = ("AWS::EC2::PrefixList", "aws_ec2_managed_prefix_list")


class PrefixList(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::PrefixList",
    terraform="aws_ec2_managed_prefix_list",
):
    """A named list of address blocks, with the entries declared apart."""

    @property
    def entries(self) -> tuple[Setting, ...]:
        """The blocks."""
        own = self.elements("Entries", "entry")
        blocks = [Resource(self.view, self.declared, it).read("Cidr", "cidr") for it in own]
        apart = self.companions({"aws_ec2_managed_prefix_list_entry": "prefix_list_id"})
        return (*blocks, *(Resource(self.view, link.declared).read((), "cidr") for link in apart))

    @property
    def is_world(self) -> Truth:
        """Whether its entries together amount to the internet."""
        found: dict[int, list[tuple[int, int]]] = {}
        for value in self.entries:
            parsed = parsed_block(value.it) if isinstance(value, Known) else None
            if parsed is not None:
                found.setdefault(parsed[1], []).extend(parsed[0].parts)
        for value in self.entries:
            if isinstance(value, Known) and covers_world(value.it):
                return yes(f"the prefix list holds {told(value)}", value.span, self.declared.address)
        if any(is_world(ranges(parts), bits) for bits, parts in found.items()):
            return yes("the entries of the prefix list together are the internet", self.span, self.declared.address)
        unknowns = [value for value in self.entries if not isinstance(value, Known)]
        if unknowns:
            return unknown("an entry of the prefix list is unknown", unknowns[0].span, self.declared.address)
        return NO
