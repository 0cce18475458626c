"""Load balancers: their listeners, the certificates and protocols before them, and their logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import INFRASTRUCTURE, Attribute, Resource, entries, flag, one_of, text
from partywall.graph import View
from partywall.truth import NO, Truth, all_of, any_of, unknown
from partywall.value import Known, Setting, fits

BALANCERS = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb", "aws_alb")
CLASSIC = ("AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb")


_PREFIX = "ELBSecurityPolicy-"
_MODERN = ("TLS-1-2", "FS-1-2", "TLS13-1-2", "TLS13-1-3")
_OLD = (
    "2011-", "2014-", "2015-", "2016-08", "FS-2018-06", "FS-1-1", "TLS-1-0", "TLS-1-1", "TLS13-1-0", "TLS13-1-1",
)  # fmt: skip


def _known_policy(it: object) -> str | None:
    return it if isinstance(it, str) and it.removeprefix(_PREFIX).startswith(_MODERN + _OLD) else None


def _is_old(policy: str) -> bool:
    return policy.removeprefix(_PREFIX).startswith(_OLD)


class LoadBalancer(
    Resource,
    service="elb",
    model=INFRASTRUCTURE,
    cloudformation="AWS::ElasticLoadBalancingV2::LoadBalancer",
    terraform=("aws_lb", "aws_alb"),
):
    """An application, network or gateway load balancer."""

    kind = text(cfn="Type", tf="load_balancer_type", default="application")
    scheme = text(cfn="Scheme", default="internet-facing")
    internal_flag = flag(tf="internal", default=False)

    @property
    def is_internal(self) -> Truth:
        """Whether only the VPC reaches it."""
        if self.in_terraform:
            return self.internal_flag
        return type(self).scheme.fits(self, one_of("internal"))

    drops_headers_flag = flag(tf="drop_invalid_header_fields", default=False)

    @property
    def is_gateway(self) -> Truth:
        """Whether it passes packets to appliances instead of serving clients."""
        return type(self).kind.fits(self, one_of("gateway"))

    @property
    def reads_http(self) -> Truth:
        """Whether it is an application load balancer, the only kind that looks into requests."""
        return type(self).kind.fits(self, one_of("application"))

    @property
    def drops_invalid_headers(self) -> Truth:
        """Whether it removes header fields with malformed names; it does not unless asked to.

        Source: ELB API reference, LoadBalancerAttribute.
        """
        if self.in_terraform:
            return self.drops_headers_flag
        return self.attribute("routing.http.drop_invalid_header_fields.enabled")

    def attribute(self, name: str) -> Truth:
        """Whether an attribute, given as a pair of key and value, is on; off where it is not given."""
        found = [entries(it) for it in self.elements("LoadBalancerAttributes", ())]
        values = [it["Value"] for it in found if _plain(it.get("Key")) == name and "Value" in it]
        if values:
            return fits(values[0], f"`{name}`", lambda it: str(it).lower() == "true", self.declared.address)
        if any(not isinstance(it.get("Key"), Known) for it in found):
            return unknown("an attribute of the load balancer is unknown", self.span, self.declared.address)
        return fits(Known(False, self.span), f"`{name}`", bool, self.declared.address)


class LoggingBalancer(Resource, service="elb", model=INFRASTRUCTURE):
    """A load balancer of any generation as something that may log."""

    cloudformation = (BALANCERS[0], CLASSIC[0])
    terraform = (*BALANCERS[1:], *CLASSIC[1:])

    @property
    def logs_access(self) -> Truth:
        """Whether it keeps an access log; none by default, though the block alone is enough for a classic one.

        Sources: ELB API reference, LoadBalancerAttribute `access_logs.s3.enabled`; AWS provider, aws_elb.
        """
        if self.declared.type == BALANCERS[0]:
            return LoadBalancer(self.view, self.declared).attribute("access_logs.s3.enabled")
        if self.declared.type == "aws_elb":
            enabled = flag(tf="access_logs.enabled", default=True).truth(self)
            return self.is_set((), "access_logs") & enabled
        return flag(cfn="AccessLoggingPolicy.Enabled", tf="access_logs.enabled", default=False).truth(self)

    @property
    def is_gateway(self) -> Truth:
        """Whether it serves no clients."""
        return NO if self.declared.type in CLASSIC else LoadBalancer(self.view, self.declared).is_gateway


def _plain(value: Setting | None) -> object:
    return value.it if isinstance(value, Known) else None


class Action(Resource, service="elb", model=INFRASTRUCTURE):
    """What a listener or one of its rules does with a request."""

    kind = text(cfn="Type", tf="type", default="forward")
    protocol = text(cfn="RedirectConfig.Protocol", tf="redirect.protocol", default="#{protocol}")
    port = text(cfn="RedirectConfig.Port", tf="redirect.port", default="#{port}")

    @property
    def redirects_to_https(self) -> Truth:
        """Whether clients are sent to the same place over HTTPS."""
        secure = type(self).protocol.fits(self, one_of("HTTPS")) | type(self).port.fits(self, one_of("443"))
        return type(self).kind.fits(self, one_of("redirect")) & secure


class Listener(
    Resource,
    service="elb",
    model=INFRASTRUCTURE,
    cloudformation="AWS::ElasticLoadBalancingV2::Listener",
    terraform=("aws_lb_listener", "aws_alb_listener"),
):
    """A port at which a load balancer serves clients; only gateway load balancers have listeners without protocol."""

    protocol = text(cfn="Protocol", tf="protocol", default="GENEVE")
    policy = Attribute("SslPolicy", "ssl_policy", _known_policy, "a policy known here", "ELBSecurityPolicy-2016-08")

    @property
    def plain_http(self) -> Truth:
        """Whether it speaks HTTP without TLS."""
        return type(self).protocol.fits(self, one_of("HTTP"))

    @property
    def has_tls(self) -> Truth:
        """Whether it speaks TLS."""
        return type(self).protocol.fits(self, one_of("HTTPS", "TLS"))

    @property
    def redirects_to_https(self) -> Truth:
        """Whether it sends clients to HTTPS, by its default action or by a rule about every path."""
        own = any_of(
            Action(self.view, self.declared, it).redirects_to_https
            for it in self.elements("DefaultActions", "default_action")
        )
        keys = {
            "AWS::ElasticLoadBalancingV2::ListenerRule": "ListenerArn",
            "aws_lb_listener_rule": "listener_arn",
            "aws_alb_listener_rule": "listener_arn",
        }
        rules = (
            link.holds & ListenerRule(self.view, link.declared).redirects_everything
            for link in self.companions(keys, ("arn", "id"))
        )
        return own | any_of(rules)

    @property
    def balancer(self) -> LoadBalancer | None:
        """Whose listener it is; None if that is not declared here."""
        found = self.view.target(self.read("LoadBalancerArn", "load_balancer_arn"), BALANCERS)
        return None if found is None else LoadBalancer(self.view, found)

    @property
    def is_internal(self) -> Truth:
        """Whether only the VPC reaches it."""
        balancer = self.balancer
        if balancer is None:
            return unknown("the load balancer is not declared here", self.span, self.declared.address)
        return balancer.is_internal

    @property
    def allows_old_tls(self) -> Truth:
        """Whether its policy accepts TLS 1.0 or 1.1; without a policy the API takes one of 2016 that does.

        Source: Elastic Load Balancing guides, Security policies.
        """
        return type(self).policy.fits(self, _is_old)


class ListenerRule(
    Resource,
    service="elb",
    model=INFRASTRUCTURE,
    cloudformation="AWS::ElasticLoadBalancingV2::ListenerRule",
    terraform=("aws_lb_listener_rule", "aws_alb_listener_rule"),
):
    """What a listener does with some of the requests."""

    @property
    def redirects_everything(self) -> Truth:
        """Whether it sends every path to HTTPS."""
        redirects = any_of(
            Action(self.view, self.declared, it).redirects_to_https for it in self.elements("Actions", "action")
        )
        conditions = self.elements("Conditions", "condition")
        return redirects & all_of(self._every_path(it) for it in conditions)

    def _every_path(self, condition: Setting) -> Truth:
        paths = Resource(self.view, self.declared, condition).elements(
            ("PathPatternConfig.Values", "Values"), "path_pattern.values"
        )
        return any_of(fits(it, "the path", lambda path: path in ("*", "/*"), self.declared.address) for it in paths)


class ClassicListener(Resource, service="elb", model=INFRASTRUCTURE, cloudformation=CLASSIC[0], terraform=CLASSIC[1]):
    """A listener of a classic load balancer, which can redirect nobody."""

    protocol = text(cfn="Protocol", tf="lb_protocol")

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every listener of every classic load balancer."""
        for declared in view.of(CLASSIC):
            yield from cls.parts(view, declared, Resource(view, declared).numbered("Listeners", "listener"))

    @property
    def is_plain(self) -> Truth:
        """Whether clients speak to it without TLS."""
        return type(self).protocol.fits(self, one_of("HTTP", "TCP"))
