"""Security groups: stateful lists of what is allowed, inline or declared rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Self

from partywall.address import INTERNET, V4, V6, Ranges, block, everything, is_world, parsed_block, ranges
from partywall.aws.open_block import is_narrow, is_whole
from partywall.aws.ports import (
    ADMIN,
    ALL_PORTS,
    CARRIERS,
    DATA,
    EVERY,
    PUBLIC,
    SHARING,
    Service,
    as_protocol,
    bounds,
    carrier_of,
    covers_all,
    covers_some,
    is_every,
    is_one_of,
)
from partywall.aws.prefix_list import PREFIX_LISTS, PrefixList
from partywall.aws.resource import INFRASTRUCTURE, Attribute, Names, Resource, as_bool, as_int, one_of, text
from partywall.graph import View
from partywall.truth import NO, YES, Truth, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, Unknown, Value, fits, shown

GROUPS = ("AWS::EC2::SecurityGroup", "aws_security_group", "aws_default_security_group")


class GroupRule(Resource, service="ec2", model=INFRASTRUCTURE):
    """One rule of a group: a protocol, ports and the other side."""

    inline: ClassVar[tuple[str, str]] = ("", "")
    alone: ClassVar[tuple[str, ...]] = ()
    direction: ClassVar[str] = ""
    far_side: ClassVar[str] = "other side"

    protocol = Attribute(
        "IpProtocol", ("protocol", "ip_protocol"), as_protocol, "a protocol", Unknown("no protocol is given")
    )
    first = Attribute("FromPort", "from_port", as_int, "a port", -1)
    last = Attribute("ToPort", "to_port", as_int, "a port", -1)

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Rules written in groups, then rules declared alone."""
        for declared in view.of(GROUPS):
            yield from cls.parts(view, declared, Resource(view, declared).numbered(*cls.inline))
        for declared in view.of(cls.alone):
            rule = cls(view, declared)
            if declared.type != "aws_security_group_rule":
                yield rule
            else:
                kind = rule.read((), "type")
                if not isinstance(kind, Known) or kind.it == cls.direction:
                    yield rule

    @property
    def applies(self) -> Truth:
        """Whether a stand-alone rule is about this direction."""
        if self.declared.type != "aws_security_group_rule":
            return YES
        written = text(tf="type")
        kind = written.of(self)
        if isinstance(kind, Known) and kind.it == self.direction:
            return YES
        return written.fits(self, one_of(self.direction))

    @cached_property
    def blocks(self) -> tuple[Setting, ...]:
        """The address blocks on the other side."""
        return self.elements(("CidrIp", "CidrIpv6"), ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"))

    @property
    def groups(self) -> tuple[Setting, ...]:
        """The groups on the other side."""
        return self.elements(
            ("SourceSecurityGroupId", "SourceSecurityGroupName", "DestinationSecurityGroupId"),
            ("security_groups", "source_security_group_id", "referenced_security_group_id"),
        )

    @property
    def itself(self) -> Truth:
        """Whether the group's own members are the other side."""
        return fits(
            Attribute((), "self", as_bool, "true or false", default=False).of(self), "`self`", bool,
            self.declared.address,
        )  # fmt: skip

    @property
    def only_itself(self) -> Truth:
        """Whether nobody but the group's own members is the other side."""
        owner = self.declared.address
        if self.blocks or self.prefix_lists:
            return no("others are named too", self.span, owner)
        if not self.groups:
            return self.itself
        own = self.read("GroupId", "security_group_id") if self.declared.type in self.alone else None
        mine = {owner} if own is None else {it.address for it in own.references}
        texts = (own.it,) if isinstance(own, Known) and own.it is not None else ()
        same = all(
            it.it in texts if isinstance(it, Known) else mine.intersection(one.address for one in it.references)
            for it in self.groups
        )
        said = "the group itself is named" if same else "another group is named"
        return known(bool(same), said, self.groups[0].span, owner)

    def from_blocks(self, claim: str, holds: Callable[[Ranges, int], bool]) -> Truth:
        """Whether some single block satisfies a claim."""
        return any_of(self._block(value, claim, holds) for value in self.blocks)

    @property
    def wide_public_source(self) -> Truth:
        """Whether some block holds more public addresses than a /24 (IPv6: /48), the owner's own aside."""
        own = [block(text) for text in self.view.graph.deployment.owner.ranges]

        def wide(addresses: Ranges, bits: int) -> bool:
            public = addresses & INTERNET[bits]
            for theirs, family in own:
                public = public - theirs if family == bits else public
            return public.size > 1 << (8 if bits == V4 else 80) and not is_world(addresses, bits)

        return self.from_blocks("the source", wide)

    def _block(self, value: Setting, claim: str, holds: Callable[[Ranges, int], bool]) -> Truth:
        if is_whole(value) and holds(everything(V4), V4) is (whole := holds(everything(V6), V6)):
            return known(whole, f"{claim} is {shown(value)}: every address", value.span, self.declared.address)
        if is_narrow(value):
            return no(f"{claim} is a block of a declared network or a narrow one", value.span, self.declared.address)
        return fits(value, claim, lambda it: _holds(it, holds), self.declared.address)

    @cached_property
    def addresses(self) -> dict[int, Ranges]:
        """The known addresses of all blocks together, per family."""
        found: dict[int, list[tuple[int, int]]] = {}
        for value in self.blocks:
            if isinstance(value, Known):
                parsed = parsed_block(value.it)
                if parsed is not None:
                    found.setdefault(parsed[1], []).extend(parsed[0].parts)
        return {bits: ranges(parts) for bits, parts in found.items()}

    @cached_property
    def world(self) -> Truth:
        """Whether the blocks of this rule together are as good as the internet."""
        single = self.from_blocks(f"the {self.far_side}", is_world)
        together = self.addresses
        if len(self.blocks) > 1 and any(is_world(found, bits) for bits, found in together.items()):
            first = self.blocks[0]
            return single | yes(f"the {self.far_side}s together are the internet", first.span, self.declared.address)
        return single

    @property
    def prefix_lists(self) -> tuple[Setting, ...]:
        """The prefix lists on the other side."""
        return self.elements(("SourcePrefixListId", "DestinationPrefixListId"), ("prefix_list_ids", "prefix_list_id"))

    @property
    def world_by_prefix_list(self) -> Truth:
        """Whether a prefix list that is declared here amounts to the internet."""
        return any_of(self._listed(value) for value in self.prefix_lists)

    def _listed(self, value: Setting) -> Truth:
        found = self.view.target(value, PREFIX_LISTS)
        if found is None:
            return unknown("the prefix list is not declared here", value.span, self.declared.address)
        return PrefixList(self.view, found).is_world

    def admits(self, services: Sequence[Service]) -> Truth:
        """Whether it lets traffic to some services through."""
        return self.applies & covers_some(self.protocol, self.first, self.last, services, self.declared.address)

    @property
    def all_ports(self) -> Truth:
        """Whether it lets traffic to every port through."""
        return self.applies & covers_all(self.protocol, self.first, self.last, self.declared.address)

    @property
    def all_protocols(self) -> Truth:
        """Whether it is about every protocol."""
        return self.applies & is_every(self.protocol, self.declared.address)

    @property
    def is_icmp(self) -> Truth:
        """Whether it is about control messages only."""
        if carrier_of(self.protocol):
            return NO
        return type(self).protocol.fits(self, lambda it: it in ("icmp", "icmpv6"))

    @property
    def listed_port(self) -> Truth:
        """Whether a more specific rule speaks of its ports; where every port is open, there are others."""
        return ~self.all_ports & self.admits((*ADMIN, *DATA, *SHARING))

    @property
    def public_port_only(self) -> Truth:
        """Whether it is about the ports that are usually public, and no other."""
        owner = self.declared.address
        return ~is_every(self.protocol, owner) & is_one_of(
            self.first, self.last, PUBLIC, carrier_of(self.protocol), owner
        )

    @property
    def carriers(self) -> tuple[str, ...]:
        """Those of TCP and UDP it may be about."""
        protocol = self.protocol
        if not isinstance(protocol, Known) or protocol.it == EVERY:
            return CARRIERS
        return tuple(it for it in CARRIERS if it == protocol.it)

    @property
    def port_span(self) -> Ranges:
        """The ports it may be about, all of them where they are not known or mean nothing."""
        carried = isinstance(self.protocol, Known) and self.protocol.it in CARRIERS
        if carried and isinstance(self.first, Known) and isinstance(self.last, Known):
            return ranges((bounds(self.first.it, self.last.it),))
        return ranges((ALL_PORTS,))

    @property
    def width(self) -> Truth:
        """Whether it opens more than a hundred ports of TCP or UDP, though not all of them."""
        if isinstance(self.first, Known) and isinstance(self.last, Known):
            low, high = self.first.it, self.last.it
            wide = low >= 0 and high - low >= 100
            text_ = f"ports {low}-{high} are {high - low + 1} ports"
            return (
                known(wide, text_, self.first.span, self.declared.address)
                & ~self.all_protocols
                & self.applies
                & ~self.is_icmp
            )
        return unknown("the range of ports is unknown", self.span, self.declared.address) & ~self.all_protocols


class Ingress(
    GroupRule,
    cloudformation=("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"),
    terraform=(
        "aws_security_group", "aws_default_security_group", "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
    ),
):  # fmt: skip
    """A rule that lets traffic in."""

    inline = ("SecurityGroupIngress", "ingress")
    alone = ("AWS::EC2::SecurityGroupIngress", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
    direction = "ingress"
    far_side = "source"


class Egress(
    GroupRule,
    cloudformation=("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress"),
    terraform=(
        "aws_security_group", "aws_default_security_group", "aws_security_group_rule",
        "aws_vpc_security_group_egress_rule",
    ),
):  # fmt: skip
    """A rule that lets traffic out."""

    inline = ("SecurityGroupEgress", "egress")
    alone = ("AWS::EC2::SecurityGroupEgress", "aws_security_group_rule", "aws_vpc_security_group_egress_rule")
    direction = "egress"
    far_side = "destination"


class AnyGroupRule(
    GroupRule,
    cloudformation=(
        "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress",
    ),
    terraform=(
        "aws_security_group", "aws_default_security_group", "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
    ),
):  # fmt: skip
    """A rule of either direction."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Inbound rules, then outbound ones; a stand-alone rule of unknown direction once."""
        alone: set[str] = set()
        for kind in (Ingress, Egress):
            for rule in kind.subjects(view):
                if rule.key:
                    yield cls(view, rule.declared, rule.value, f"{kind.direction} {rule.key}")
                elif rule.declared.address not in alone:
                    alone.add(rule.declared.address)
                    yield cls(view, rule.declared)


def _holds(it: object, holds: Callable[[Ranges, int], bool]) -> bool:
    parsed = parsed_block(it)
    return parsed is not None and holds(*parsed)


class SecurityGroup(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::SecurityGroup",
    terraform=("aws_security_group", "aws_default_security_group"),
):
    """A group as a whole: its own rules and those declared apart."""

    kin = GROUPS

    @property
    def vpc(self) -> Setting:
        """The VPC it belongs to."""
        return self.read("VpcId", "vpc_id")

    def rules(self, kind: type[GroupRule]) -> list[tuple[GroupRule, Truth]]:
        """Its rules of one direction, each with the truth that it belongs here."""
        found: list[tuple[GroupRule, Truth]] = [
            (kind(self.view, self.declared, element), YES) for element in self.elements(*kind.inline)
        ]
        keys = {name: "GroupId" if "::" in name else "security_group_id" for name in kind.alone}
        for link in self.companions(keys, ("id", "GroupId")):
            rule = kind(self.view, link.declared)
            found.append((rule, link.holds & rule.applies))
        return found

    @property
    def egress_declared(self) -> Truth:
        """Whether any outbound rule is written, here or apart."""
        return self.is_set("SecurityGroupEgress", "egress") | any_of(
            link for rule, link in self.rules(Egress) if rule.declared is not self.declared
        )

    @property
    def egress_left_to_aws(self) -> Truth:
        """Whether AWS's own outbound rule stays, which lets everything out; Terraform's provider removes it."""
        return NO if self.in_terraform else ~self.egress_declared

    @property
    def _by_ports(self) -> Mapping[tuple[str, int, int], Mapping[int, list[Setting]]]:
        """The blocks of its inbound rules by protocol and ports, where those are known, and by family."""
        found: dict[tuple[str, int, int], dict[int, list[Setting]]] = {}
        for rule, _ in self.rules(Ingress):
            if all(isinstance(it, Known) for it in (rule.protocol, rule.first, rule.last)):
                key = (_plain(rule.protocol), _plain_int(rule.first), _plain_int(rule.last))
                families = found.setdefault(key, {V4: [], V6: []})
                for bits, names in _BLOCKS.items():
                    families[bits].extend(rule.elements(*names))
        return found

    @property
    def split_world(self) -> Truth:
        """Whether blocks, none of which is open to the internet, are so together on the same protocol and ports."""
        return any_of(
            self._split(blocks, bits) for families in self._by_ports.values() for bits, blocks in families.items()
        )

    def _split(self, blocks: Sequence[Setting], bits: int) -> Truth:
        if any(_is_world(value, bits) for value in blocks):
            return NO
        if is_world(ranges(part for value in blocks for part in _parts(value)), bits):
            return yes(f"{len(blocks)} ranges together are the internet", blocks[0].span, self.declared.address)
        return _one_unknown(blocks, self.declared.address) if len(blocks) > 1 else NO

    @property
    def wider_over_ipv6(self) -> Truth:
        """Whether IPv6 is open to the internet on ports where IPv4 is limited."""
        return any_of(
            self._wider(families[V4], families[V6])
            for key, families in self._by_ports.items()
            if key[0] != "tcp" or key[1:] not in PUBLIC
        )

    def _wider(self, four: Sequence[Setting], six: Sequence[Setting]) -> Truth:
        owner = self.declared.address
        if not four or any(_is_world(value, V4) for value in four):
            return NO
        limited = ~_one_unknown(four, owner)
        opened = any_of(
            yes("IPv6 is open to the internet where IPv4 is limited", value.span, owner)
            for value in six
            if _is_world(value, V6)
        )
        return (opened | _one_unknown(six, owner)) & limited


class DefaultGroup(SecurityGroup):
    """The group that AWS makes with a VPC, as seen from the VPC: its own rules stay, others are added apart."""

    @property
    def egress_left_to_aws(self) -> Truth:
        """Rules that are added leave AWS's own in place, in either dialect."""
        return YES


_BLOCKS: Mapping[int, tuple[Names, Names]] = {
    V4: ("CidrIp", ("cidr_blocks", "cidr_ipv4")),
    V6: ("CidrIpv6", ("ipv6_cidr_blocks", "cidr_ipv6")),
}


def _one_unknown(blocks: Sequence[Setting], owner: str) -> Truth:
    """Unknown for the first block that is not known; no if all are."""
    value = next((it for it in blocks if not isinstance(it, Known)), None)
    return NO if value is None else unknown("one of the ranges is unknown", value.span, owner)


def _is_world(value: Setting, bits: int) -> bool:
    return is_world(ranges(_parts(value)), bits)


def _parts(value: Setting) -> tuple[tuple[int, int], ...]:
    parsed = parsed_block(value.it) if isinstance(value, Known) else None
    return () if parsed is None else parsed[0].parts


def _plain(value: Value[str]) -> str:
    return value.it if isinstance(value, Known) else ""


def _plain_int(value: Value[int]) -> int:
    return value.it if isinstance(value, Known) else -1
