"""What the rules of security groups permit, taken apart: one protocol, one stretch of ports, one other side each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from partywall.address import V4, V6, Ranges, everything, parsed_block
from partywall.aws.open_block import is_narrow
from partywall.aws.ports import ALL_PORTS, bounds, icmp_range, named
from partywall.aws.prefix_list import PREFIX_LISTS, PrefixList
from partywall.aws.security_group import (
    Egress,
    GroupRule,
    Ingress,
    SecurityGroup,
)
from partywall.immutable import immutable
from partywall.source import NOWHERE, Span
from partywall.truth import NO, YES, State, Truth, all_of, unknown
from partywall.value import Known, Setting, doubt, shown, told

PORTS = Ranges((ALL_PORTS,))
MANAGED_BY_AWS = "com.amazonaws."


@immutable()
class Permit:
    """One permission; None stands for what is not known.

    The other side is a block (`addresses` of a family of `bits`), the members of `group`, or, with neither, any
    address: then `sure` says why, and `narrow` that it is surely no wide range. `because` is a declaration apart
    that decided, such as a prefix list. `listing` names a prefix list that is not declared here.
    """

    protocol: str | None
    ports: Ranges | None
    span: Span
    resource: str
    said: str
    sure: Truth = YES
    addresses: Ranges | None = None
    bits: int | None = None
    group: Setting | None = None
    narrow: bool = False
    because: str = ""
    source: Span = NOWHERE
    listing: Setting | None = None

    @property
    def certain(self) -> bool:
        """Whether all of it is known."""
        return self.sure.state is State.YES


def permits(group: SecurityGroup, kind: type[GroupRule]) -> Iterator[Permit]:
    """All permissions of a group in one direction, AWS's own included."""
    for rule, belongs in group.rules(kind):
        if belongs.state is not State.NO:
            yield from _taken_apart(rule, belongs)
    left = group.egress_left_to_aws if kind is Egress else NO
    if left.state is not State.NO:
        for bits in (V4, V6):
            yield Permit(
                "-1", PORTS, group.span, group.declared.address, "AWS's own rule lets everything out", left,
                everything(bits), bits,
            )  # fmt: skip


def _taken_apart(rule: GroupRule, belongs: Truth) -> Iterator[Permit]:
    resource = rule.declared.address
    carried = rule.protocol
    protocol = carried.it if isinstance(carried, Known) else None
    ports, doubts = _ports(rule, protocol)
    if not isinstance(carried, Known):
        doubts = (*doubts, doubt(carried, "the protocol", resource))
    sure = all_of((belongs, *doubts))
    way, side = ("in", "from") if isinstance(rule, Ingress) else ("out", "to")
    head = f"{way}: {_called(protocol, ports)} {side}"
    plain_ = Permit(protocol, ports, rule.span, resource, head, sure)
    for value in rule.blocks:
        span, said = value.span if value.span.line else rule.span, f"{head} {_shown(value)}"
        found = parsed_block(value.it) if isinstance(value, Known) else None
        if found is not None:
            yield Permit(protocol, ports, span, resource, said, sure, *found)
        elif not isinstance(value, Known) or value.it not in (None, ""):
            open_ = sure & doubt(value, "the range", resource)
            yield Permit(protocol, ports, span, resource, said, open_, narrow=is_narrow(value))
    for value in rule.groups:
        one = replace(plain_, span=value.span if value.span.line else rule.span)
        yield replace(one, group=value, said=f"{head} the members of {_shown(value)}")
    own = rule.itself
    if own.state is not State.NO:
        yield replace(plain_, group=Known("self"), said=f"{head} members of the group itself", sure=sure & own)
    for value in rule.prefix_lists:
        yield from _listed(rule, value, plain_)


def _listed(rule: GroupRule, value: Setting, head: Permit) -> Iterator[Permit]:
    """One permission for each entry of a prefix list; lists of AWS's own services hold no address of the internet's."""
    found = rule.view.target(value, PREFIX_LISTS)
    span = value.span if value.span.line else rule.span
    if found is None:
        elsewhere = unknown("the prefix list is not in these sources", span, rule.declared.address)
        yield replace(
            head, span=span, said=f"{head.said} a prefix list", sure=head.sure & elsewhere,
            narrow=_is_of_aws(rule, value), listing=value,
        )  # fmt: skip
        return
    listing = PrefixList(rule.view, found)
    for entry in listing.entries:
        block = parsed_block(entry.it) if isinstance(entry, Known) else None
        one = replace(
            head, span=span, said=f"{head.said} {_shown(entry)}, an entry of {found.address}", because=found.address,
            source=entry.span,
        )  # fmt: skip
        if block is not None:
            yield replace(one, addresses=block[0], bits=block[1])
        else:
            yield replace(one, sure=head.sure & doubt(entry, "an entry of the prefix list", found.address))


def _is_of_aws(rule: GroupRule, value: Setting) -> bool:
    """Whether a list is looked up by the name of one that AWS keeps."""
    found = rule.view.target(value, ("data.aws_ec2_managed_prefix_list", "data.aws_prefix_list"))
    name = found.attributes.get("name") if found is not None else None
    return isinstance(name, Known) and str(name.it).startswith(MANAGED_BY_AWS)


def _ports(rule: GroupRule, protocol: str | None) -> tuple[Ranges | None, tuple[Truth, ...]]:
    """The ports a rule means, and what is not known about them; ICMP has types and codes instead."""
    if protocol is not None and protocol not in ("tcp", "udp", "icmp", "icmpv6"):
        return PORTS, ()
    first, last = rule.first, rule.last
    if isinstance(first, Known) and isinstance(last, Known) and protocol is not None:
        found = bounds(first.it, last.it) if protocol in ("tcp", "udp") else icmp_range(first.it, last.it)
        return (None if found is None else Ranges((found,))), ()
    owner = rule.declared.address
    return None, tuple(
        doubt(it, name, owner) for it, name in ((first, "the first port"), (last, "the last port"))
        if not isinstance(it, Known)
    )  # fmt: skip


def _called(protocol: str | None, ports: Ranges | None) -> str:
    if protocol == "-1":
        return "everything"
    if ports is None or protocol not in ("tcp", "udp"):
        return protocol or "an unknown protocol"
    return f"{protocol} {named(ports.parts[0])}" if ports.parts and ports != PORTS else f"{protocol}, all ports,"


def _shown(value: Setting) -> str:
    if isinstance(value, Known) and isinstance(value.it, str):
        return told(value)
    return next((reference.address for reference in value.references), shown(value))


EVERYTHING = tuple(
    Permit("-1", PORTS, NOWHERE, "", "AWS's own rule lets everything out", YES, everything(bits), bits)
    for bits in (V4, V6)
)
"""What a group that AWS made lets out."""
