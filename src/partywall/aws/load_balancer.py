"""Load balancers as parts of a network: where they stand, what they listen on, and to whom they pass it on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from partywall.aws.resource import INFRASTRUCTURE, Resource, as_bool, as_int, flag, number, one_of, text
from partywall.aws.workload import Workload
from partywall.aws.workload_kind import BY_TYPE
from partywall.declared import Declared
from partywall.immutable import immutable
from partywall.truth import NO, State, Truth
from partywall.value import Known, Setting, Unknown, Value, fits

CLASSIC = ("AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb")
BALANCERS = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb", "aws_alb")
TARGET_GROUPS = ("AWS::ElasticLoadBalancingV2::TargetGroup", "aws_lb_target_group", "aws_alb_target_group")
LISTENERS = ("AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener", "aws_alb_listener")
_TARGET_ARN = (
    ("TargetGroupArn", "ForwardConfig.TargetGroups.TargetGroupArn"),
    ("target_group_arn", "forward.target_group.arn"),
)


_TARGET_TYPE = text(cfn="TargetType", tf="target_type", default="instance")
_PROTOCOL = text(cfn="Protocol", tf="protocol", default="TCP")


_CARRIED = {
    "UDP": ("udp",), "QUIC": ("udp",), "TCP_UDP": ("tcp", "udp"), "TCP_QUIC": ("tcp", "udp"),
}  # fmt: skip


@immutable(eq=False)
class Listening:
    """A port of a load balancer and the target groups behind it; None where the port is not known."""

    declared: Declared
    port: Value[int]
    protocol: str | None
    groups: tuple[Declared, ...]

    @property
    def carriers(self) -> tuple[str, ...]:
        """Over which of TCP and UDP it listens; both where that is not known.

        Source: Elastic Load Balancing, Listeners for your Network Load Balancers.
        """
        return _CARRIED.get(self.protocol or "TCP_UDP", ("tcp",))


@immutable(eq=False)
class Leg:
    """The way from a load balancer to one target: ports, and whether the target sees the client's own address."""

    target: Declared
    port: int
    health_port: int
    listener: Declared
    listener_port: int | None
    keeps_client: Truth
    carrier: str = "tcp"


class FrontDoor(
    Workload,
    service="elb",
    model=INFRASTRUCTURE,
    cloudformation=("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"),
    terraform=("aws_lb", "aws_alb", "aws_elb"),
):
    """A load balancer with its listeners and targets."""

    sort = text(cfn="Type", tf="load_balancer_type", default="application")
    internal = flag(tf="internal", default=False)
    scheme = text(cfn="Scheme", default="internet-facing")
    address_type = text(cfn="IpAddressType", tf="ip_address_type", default="ipv4")

    @property
    def is_classic(self) -> bool:
        """Whether it is of the first generation."""
        return self.declared.type in CLASSIC

    @property
    def is_public(self) -> Truth:
        """Whether its nodes get public addresses."""
        if self.in_terraform:
            return ~self.internal
        return type(self).scheme.fits(self, one_of("internet-facing"))

    @property
    def is_network(self) -> Truth:
        """Whether it is a network load balancer, which may do without security groups."""
        return NO if self.is_classic else type(self).sort.fits(self, one_of("network", "gateway"))

    @property
    def speaks_ipv6(self) -> Truth:
        """Whether it has IPv6 addresses."""
        return type(self).address_type.fits(self, one_of("dualstack"))

    @cached_property
    def listening(self) -> tuple[Listening, ...]:
        """Its listeners."""
        if self.is_classic:
            return tuple(self._classic())
        keys = {
            kind: "LoadBalancerArn" if "::" in kind else "load_balancer_arn" for kind in LISTENERS
        }  # fmt: skip
        found = []
        for link in self.companions(keys, ("arn", "id")):
            if link.holds.state is State.NO:
                continue
            own = Resource(self.view, link.declared)
            protocol = own.read("Protocol", "protocol")
            found.append(
                Listening(
                    link.declared, number(cfn="Port", tf="port").of(own),
                    str(protocol.it).upper() if isinstance(protocol, Known) else None, tuple(self._groups(own)),
                )
            )  # fmt: skip
        return tuple(found)

    def _classic(self) -> Iterator[Listening]:
        for element in self.elements("Listeners", "listener"):
            own = Resource(self.view, self.declared, element)
            yield Listening(self.declared, number(cfn="LoadBalancerPort", tf="lb_port").of(own), "TCP", ())

    def _groups(self, listener: Resource) -> Iterator[Declared]:
        """The target groups of a listener's default actions and of its rules."""
        sources = [(listener, "DefaultActions", "default_action")]
        keys = {
            "AWS::ElasticLoadBalancingV2::ListenerRule": "ListenerArn", "aws_lb_listener_rule": "listener_arn",
            "aws_alb_listener_rule": "listener_arn",
        }  # fmt: skip
        sources += [
            (Resource(self.view, it.declared), "Actions", "action")
            for it in listener.companions(keys, ("arn", "id"))
            if it.holds.state is not State.NO
        ]
        seen: set[str] = set()
        for own, cfn, tf in sources:
            for action in own.elements(cfn, tf):
                for value in Resource(self.view, own.declared, action).elements(*_TARGET_ARN):
                    target = self.view.target(value, TARGET_GROUPS)
                    if target is not None and target.address not in seen:
                        seen.add(target.address)
                        yield target

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """The ways to its declared targets."""
        if self.is_classic:
            return tuple(self._classic_legs())
        return tuple(
            leg for listener in self.listening for group in listener.groups for leg in self._group_legs(listener, group)
        )

    def _group_legs(self, listener: Listening, group: Declared) -> Iterator[Leg]:
        own = Resource(self.view, group)
        fallback = number(cfn="Port", tf="port").of(own)
        health = own.read("HealthCheckPort", "health_check.port")
        keeps = self._keeps_client(own)
        protocol = own.read("Protocol", "protocol")
        carrier = "udp" if isinstance(protocol, Known) and str(protocol.it).upper() == "UDP" else "tcp"
        for target, port in self._members(own):
            settled = port if isinstance(port, Known) and port.it is not None else fallback
            number_ = as_int(settled.it) if isinstance(settled, Known) else None
            if number_ is None or number_ < 0:
                continue
            own_check = as_int(health.it) if isinstance(health, Known) else None
            check = number_ if own_check is None else own_check
            listens = listener.port.it if isinstance(listener.port, Known) else None
            yield Leg(target, number_, check, listener.declared, listens, keeps, carrier)

    def _keeps_client(self, group: Resource) -> Truth:
        """Whether a network load balancer passes the client's address on.

        It does for targets named by instance, and always for UDP; for TCP an attribute says otherwise. Source: Elastic
        Load Balancing, Target groups for Network Load Balancers, Client IP preservation.
        """
        if self.is_network.state is not State.YES:
            return NO
        owner = group.declared.address
        by_default = _TARGET_TYPE.fits(group, one_of("instance"))
        by_protocol = _PROTOCOL.fits(group, one_of("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"))
        said = group.read((), "preserve_client_ip") if group.in_terraform else self._attribute(group)
        if isinstance(said, Known) and said.it is None:
            return by_protocol | by_default
        return by_protocol | fits(said, "client IP preservation", lambda it: as_bool(it) is True, owner)

    @staticmethod
    def _attribute(group: Resource) -> Setting:
        """What CloudFormation's list of attributes says about client addresses."""
        for element in group.elements("TargetGroupAttributes", ()):
            one = Resource(group.view, group.declared, element)
            key = one.read("Key", ())
            if isinstance(key, Known) and key.it == "preserve_client_ip.enabled":
                return one.read("Value", ())
        return Known(None)

    def _members(self, group: Resource) -> Iterator[tuple[Declared, Setting]]:
        """The declared targets of a target group with the port each is given."""
        nothing: Setting = Known(None)
        for element in group.elements("Targets", ()):
            one = Resource(self.view, group.declared, element)
            yield from self._one(one.read("Id", ()), one.read("Port", ()))
        keys = {
            "aws_lb_target_group_attachment": "target_group_arn",
            "aws_alb_target_group_attachment": "target_group_arn",
        }
        for link in group.companions(keys, ("arn", "id")):
            one = Resource(self.view, link.declared)
            yield from self._one(one.read((), "target_id"), one.read((), "port"))
        for kind, names in (
            ("AWS::AutoScaling::AutoScalingGroup", "TargetGroupARNs"), ("aws_autoscaling_group", "target_group_arns"),
        ):  # fmt: skip
            for scaling in self.view.of((kind,)):
                if self._mentions(Resource(self.view, scaling).elements(names, names), group.declared):
                    yield scaling, nothing
        for link in group.companions({"aws_autoscaling_attachment": "lb_target_group_arn"}, ("arn", "id")):
            yield from self._one(Resource(self.view, link.declared).read((), "autoscaling_group_name"), nothing)
        for service in self.view.of(("AWS::ECS::Service", "aws_ecs_service")):
            for element in Resource(self.view, service).elements("LoadBalancers", "load_balancer"):
                one = Resource(self.view, service, element)
                if self._mentions(one.elements("TargetGroupArn", "target_group_arn"), group.declared):
                    yield service, one.read("ContainerPort", "container_port")

    @staticmethod
    def _mentions(values: tuple[Setting, ...], declared: Declared) -> bool:
        return any(it.address == declared.address for value in values for it in value.references)

    def _one(self, value: Setting, port: Setting) -> Iterator[tuple[Declared, Setting]]:
        target = self.view.target(value, tuple(BY_TYPE))
        if target is not None:
            yield target, port

    def _classic_legs(self) -> Iterator[Leg]:
        targets = [it for value in self.elements("Instances", "instances") for it, _ in self._one(value, Known(None))]
        for link in self.companions({"aws_elb_attachment": "elb"}, ("name", "id")):
            targets += [it for it, _ in self._one(Resource(self.view, link.declared).read((), "instance"), Known(None))]
        for scaling in self.view.of(("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group")):
            if self._mentions(
                Resource(self.view, scaling).elements("LoadBalancerNames", "load_balancers"), self.declared
            ):
                targets.append(scaling)
        for element in self.elements("Listeners", "listener"):
            own = Resource(self.view, self.declared, element)
            port = number(cfn="InstancePort", tf="instance_port", default=Unknown("not given")).of(own)
            listens = number(cfn="LoadBalancerPort", tf="lb_port", default=Unknown("not given")).of(own)
            if isinstance(port, Known):
                outside = listens.it if isinstance(listens, Known) else None
                for target in targets:
                    yield Leg(target, port.it, port.it, self.declared, outside, NO)
