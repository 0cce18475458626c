"""Security groups as nodes: what each permits, and whether two names mean the same group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from partywall.aws.permit import EVERYTHING, Permit, permits
from partywall.aws.resource import Resource
from partywall.aws.security_group import GROUPS, Egress, Ingress, SecurityGroup
from partywall.aws.vpc import VPCS
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network.node import Vpc, is_one_of, resolve
from partywall.source import NOWHERE, Span
from partywall.truth import YES, Truth
from partywall.value import Known, Setting, Unknown, doubt, settle, shown

_DEFAULT_OF_VPC = ("default_security_group_id", "DefaultSecurityGroup")
SELF = Known("self")


@dataclass(frozen=True, eq=False)
class Group:
    """A security group: declared, a VPC's default one, or one that is only named (then `doubt` says so)."""

    key: str
    span: Span
    inbound: tuple[Permit, ...]
    outbound: tuple[Permit, ...]
    declared: Declared | None = None
    doubt: Truth | None = None

    @cached_property
    def settled(self) -> bool:
        """Whether all of it is known."""
        return self.doubt is None and all(it.certain for it in (*self.inbound, *self.outbound))


class Groups:
    """The groups of one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._found: dict[str, Group] = {}

    def named(self, value: Setting) -> Group:
        """The group that a value names."""
        key, declared, vpc, why = self._resolved(value)
        found = self._found.get(key)
        if found is None:
            if declared is not None:
                found = self._group(declared)
            elif vpc is not None:
                found = self._default(vpc)
            else:
                found = Group(key, value.span, (), (), None, why)
            self._found[key] = found
        return found

    def key(self, value: Setting, own: Group) -> tuple[str, Truth | None]:
        """The key of the group that a rule of a group refers to, and why that is not sure."""
        if isinstance(value, Known) and value.it == "self":
            return own.key, None
        key, _, _, why = self._resolved(value)
        return key, why

    def of(self, declared: Declared) -> Group:
        """The node of a declared group."""
        found = self._found.get(declared.address)
        if found is None:
            found = self._found[declared.address] = self._group(declared)
        return found

    def default(self, vpc: Vpc) -> Group:
        """The group that those of a VPC get who name none."""
        if vpc.declared is None and vpc.doubt is not None:
            return Group(f"the default group of {vpc.key}", NOWHERE, (), (), None, vpc.doubt)
        key = f"the default group of {vpc.key}"
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._default_of(vpc.key, vpc.declared)
        return found

    def _resolved(self, value: Setting) -> tuple[str, Declared | None, Declared | None, Truth | None]:
        value = settle(value, self.view.world)
        for reference in value.references:
            if reference.attribute in _DEFAULT_OF_VPC and is_one_of(self.view, reference.address, VPCS):
                vpc = self.view.graph.by_address[reference.address]
                return f"the default group of {vpc.address}", None, vpc, None
        declared, why = resolve(self.view, value, GROUPS, "the security group")
        if declared is None and isinstance(value, Known):
            names = ("name", "GroupName")
            declared = next(
                (it for it in self.view.of(GROUPS) if any(_text(it, name) == value.it for name in names)), None
            )
        if declared is not None:
            return declared.address, declared, None, None
        if isinstance(value, Unknown):
            key = f"the group given by {value.why}" + "".join(
                f" {it.address}.{it.attribute}" for it in value.references
            )
        else:
            key = shown(value)
        return key, None, None, doubt(value, "the security group") if why is None else why

    def _group(self, declared: Declared) -> Group:
        own = SecurityGroup(self.view, declared)
        why = None if declared.more is None else doubt(declared.more, "the rules", declared.address)
        return Group(
            declared.address, declared.span, tuple(permits(own, Ingress)), tuple(permits(own, Egress)), declared, why
        )

    def _default(self, vpc: Declared) -> Group:
        return self._default_of(vpc.address, vpc)

    def _default_of(self, key: str, vpc: Declared | None) -> Group:
        """Terraform may have replaced its rules; AWS's own let in what carries the group and let everything out."""
        for declared in self.view.of(("aws_default_security_group",)) if vpc is not None else ():
            value = Resource(self.view, declared).read((), "vpc_id")
            if vpc is not None and any(it.address == vpc.address for it in value.references):
                return self.of(declared)
        name = f"the default group of {key}"
        span = NOWHERE if vpc is None else vpc.span
        own = Permit("-1", EVERYTHING[0].ports, span, "", "in: everything from members of the group", YES, group=SELF)
        return Group(name, span, (own,), EVERYTHING, vpc)


def _text(declared: Declared, name: str) -> object:
    value = declared.attributes.get(name)
    return value.it if isinstance(value, Known) and value.it is not None else object()


def keys(groups: Sequence[Group]) -> frozenset[str]:
    """The keys of some groups."""
    return frozenset(it.key for it in groups)
