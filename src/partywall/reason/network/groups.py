"""Security groups as nodes: what each permits, and whether two names mean the same group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from partywall.aws.permit import EVERYTHING, Permit, permits
from partywall.aws.resource import Resource
from partywall.aws.security_group import GROUPS, DefaultGroup, Egress, Ingress, SecurityGroup
from partywall.aws.vpc import VPCS
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.node import Vpc, is_one_of, resolve
from partywall.reason.network.topology import Topology, topology
from partywall.source import NOWHERE, Span
from partywall.truth import YES, Truth
from partywall.value import Known, Setting, Unknown, doubt, settle, shown

_DEFAULT_OF_VPC = ("default_security_group_id", "DefaultSecurityGroup")
SELF = Known("self")


@immutable(eq=False, slots=False)
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
        self.topology: Topology = topology(view)
        self._found: dict[str, Group] = {}

    def named(self, value: Setting) -> Group:
        """The group that a value names."""
        key, declared, vpc, why = self._resolved(value)
        found = self._found.get(key)
        if found is None:
            if declared is not None:
                found = self._group(declared)
            elif vpc is not None:
                found = self.default(vpc)
            else:
                found = Group(key, value.span, (), (), None, why)
            self._found[key] = found
        return found

    def key(self, value: Setting, own: Group) -> tuple[str, Truth | None]:
        """The key of the group that a rule of a group refers to, and why that is not sure."""
        if isinstance(value, Known) and value.it == "self":
            return own.key, None
        key, _, vpc, why = self._resolved(value)
        return (key if vpc is None else self.default(vpc).key), why

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
            found = self._found[key] = self._default_of(vpc)
        return found

    def _resolved(self, value: Setting) -> tuple[str, Declared | None, Vpc | None, Truth | None]:
        """The key of the group that a value names, its declaration, or the VPC whose default one it is."""
        value = settle(value, self.view.world)
        vpc = self._default_named(value)
        if vpc is not None:
            return f"the default group of {vpc.key}", None, vpc, None
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

    def _default_named(self, value: Setting) -> Vpc | None:
        """The VPC whose default group a value names, through the VPC or by looking it up by its name."""
        for reference in value.references:
            if reference.attribute in _DEFAULT_OF_VPC and is_one_of(self.view, reference.address, VPCS):
                return self.topology.vpc_of(self.view.graph.by_address[reference.address])
        found = self.view.target(value, ("data.aws_security_group",))
        if found is None or _text(found, "name") != "default":
            return None
        vpc = self.topology.vpc(Resource(self.view, found).read((), "vpc_id"))
        return vpc if vpc.doubt is None else None

    def _group(self, declared: Declared) -> Group:
        own = SecurityGroup(self.view, declared)
        why = None if declared.more is None else doubt(declared.more, "the rules", declared.address)
        return Group(
            declared.address, declared.span, tuple(permits(own, Ingress)), tuple(permits(own, Egress)), declared, why
        )

    def _default_of(self, vpc: Vpc) -> Group:
        """Terraform may have replaced its rules; AWS's own let in what carries the group and let everything out."""
        for declared in self.view.of(("aws_default_security_group",)):
            if self.topology.vpc(Resource(self.view, declared).read((), "vpc_id")).key == vpc.key:
                return self.of(declared)
        name = f"the default group of {vpc.key}"
        span = NOWHERE if vpc.declared is None else vpc.declared.span
        own = Permit("-1", EVERYTHING[0].ports, span, "", "in: everything from members of the group", YES, group=SELF)
        if vpc.declared is None:
            return Group(name, span, (own,), EVERYTHING)
        group = DefaultGroup(self.view, vpc.declared)
        return Group(name, span, (own, *permits(group, Ingress)), tuple(permits(group, Egress)), vpc.declared)


def _text(declared: Declared, name: str) -> object:
    value = declared.attributes.get(name)
    return value.it if isinstance(value, Known) and value.it is not None else object()


def keys(groups: Sequence[Group]) -> frozenset[str]:
    """The keys of some groups."""
    return frozenset(it.key for it in groups)
