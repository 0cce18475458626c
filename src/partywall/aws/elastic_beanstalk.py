"""Elastic Beanstalk: environments as AWS builds them from option settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Self

from partywall.address import covers_world
from partywall.aws.lifecycle import Support, Versioned, matching
from partywall.aws.resource import CONTAINER, Resource, as_bool, as_text, one_of, text
from partywall.graph import View
from partywall.truth import Truth, all_of, any_of, unknown
from partywall.value import Known, Setting, Unknown, Value, convert, fits

TEMPLATES = ("AWS::ElasticBeanstalk::ConfigurationTemplate", "aws_elastic_beanstalk_configuration_template")
_VPC = "aws:ec2:vpc"
_LAUNCH = "aws:autoscaling:launchconfiguration"
_ENVIRONMENT = "aws:elasticbeanstalk:environment"
_ACTIONS = "aws:elasticbeanstalk:managedactions"
_TLS_LISTENERS = (
    ("aws:elbv2:listener:443", "Protocol", "SSLCertificateArns"),
    ("aws:elb:listener:443", "ListenerProtocol", "SSLCertificateId"),
)


class Environment(
    Versioned,
    service="elastic-beanstalk",
    model=CONTAINER,
    cloudformation=("AWS::ElasticBeanstalk::Environment", TEMPLATES[0]),
    terraform=("aws_elastic_beanstalk_environment", TEMPLATES[1]),
):
    """An environment, or a template for some: AWS builds it, the options say how.

    Source: Elastic Beanstalk developer guide, General options for all environments.
    """

    claim = "the platform"
    tier = text(cfn="Tier.Name", tf="tier", default="WebServer")
    name = text(cfn="EnvironmentName", tf="name", default="")

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Environments, and templates that no environment here completes."""
        for subject in super().subjects(view):
            users = view.graph.mentioning(subject.declared.address)
            if subject.declared.type not in TEMPLATES or not any(it.type not in TEMPLATES for it in users):
                yield subject

    def option(self, namespace: str, name: str) -> Setting:
        """The value of an option: its own, else that of the template it names; Known(None) where nobody sets it."""
        doubt: Setting | None = None
        for entry in self.elements("OptionSettings", "setting"):
            setting = Resource(self.view, self.declared, entry)
            key = (setting.read("Namespace", "namespace"), setting.read("OptionName", "name"))
            if not all(isinstance(it, Known) for it in key):
                doubt = doubt or Unknown("an option setting is unknown", entry.span, entry.references)
            elif [it.it for it in key if isinstance(it, Known)] == [namespace, name]:
                return setting.read("Value", "value")
        return doubt or self._elsewhere(lambda template: template.option(namespace, name))

    def _elsewhere(self, read: Callable[[Environment], Setting]) -> Setting:
        """What the template that it names says; Known(None) where it names none."""
        value = self.read("TemplateName", "template_name")
        if self.declared.type in TEMPLATES or (isinstance(value, Known) and value.it is None):
            return Known(None, self.span)
        template = self.view.target(value, TEMPLATES)
        if template is None:
            return Unknown("the saved configuration is not declared here", value.span, value.references)
        return read(Environment(self.view, template))

    def _given(self, namespace: str, name: str) -> Truth:
        value = self.option(namespace, name)
        return fits(value, f"`{name}`", lambda it: it not in (None, ""), self.declared.address)

    def _on(self, namespace: str, name: str, *, default: bool) -> Truth:
        value = self.option(namespace, name)
        if isinstance(value, Known) and value.it is None:
            return fits(Known(default, value.span), f"`{name}`", bool, self.declared.address)
        return fits(convert(value, as_bool, "true or false"), f"`{name}`", bool, self.declared.address)

    def _says(self, namespace: str, name: str, *words: str) -> Truth:
        return fits(
            self.option(namespace, name), f"`{name}`", lambda it: str(it).lower() in words, self.declared.address
        )

    # What it is.

    @property
    def is_worker(self) -> Truth:
        """Whether it takes its work from a queue and serves nobody."""
        return type(self).tier.fits(self, one_of("Worker"))

    @property
    def is_single(self) -> Truth:
        """Whether it is one instance without a load balancer before it."""
        return self._says(_ENVIRONMENT, "EnvironmentType", "singleinstance")

    # Where it stands and who reaches it.

    @property
    def in_own_vpc(self) -> Truth:
        """Whether VPC and subnets are named; otherwise it stands in the default VPC."""
        return self._given(_VPC, "VPCId") & self._given(_VPC, "Subnets")

    @property
    def public_instances(self) -> Truth:
        """Whether instances get public addresses, which is so in the default VPC without being asked."""
        asked = self._on(_VPC, "AssociatePublicIpAddress", default=False)
        return asked | (~self._given(_VPC, "VPCId") & ~self._given(_VPC, "AssociatePublicIpAddress"))

    @property
    def internal_by_name_only(self) -> Truth:
        """Whether it is called internal and its load balancer is public all the same."""
        called = type(self).name.fits(self, lambda it: "internal" in it.lower())
        behind = ~self.is_single & ~self.is_worker
        return called & behind & ~self._says(_VPC, "ELBScheme", "internal")

    @property
    def ssh_open_to_world(self) -> Truth:
        """Whether the instances' own group lets everyone in at port 22: a key pair alone is enough for that.

        Source: Elastic Beanstalk developer guide, Managing EC2 security groups.
        """
        restriction = self.option(_LAUNCH, "SSHSourceRestriction")
        open_ = fits(restriction, "`SSHSourceRestriction`", _admits_world, self.declared.address)
        own_group = self._on(_LAUNCH, "DisableDefaultEC2SecurityGroup", default=False)
        return self._given(_LAUNCH, "EC2KeyName") & open_ & ~own_group

    @property
    def serves_tls(self) -> Truth:
        """Whether its load balancer has a listener with TLS at port 443."""
        return any_of(
            self._says(listener, protocol, "https", "ssl", "tls") & self._given(listener, certificate)
            for listener, protocol, certificate in _TLS_LISTENERS
        )

    @property
    def tls_ends_on_instance(self) -> Truth:
        """Whether TLS ends on the instance: possible for a single one, and never said in options."""
        return self.is_single & unknown("TLS of a single instance ends there", self.span, self.declared.address)

    # What is patched.

    @property
    def updates_platform(self) -> Truth:
        """Whether platform updates are installed in a weekly window: on by default, but only with time and level."""
        return all_of(
            (
                self._given(_ACTIONS, "PreferredStartTime"),
                self._given(f"{_ACTIONS}:platformupdate", "UpdateLevel"),
                self._on(_ACTIONS, "ManagedActionsEnabled", default=True),
            )
        )

    @property
    def support(self) -> Value[Support]:
        """The platform branch on this day."""
        platform = convert(self.platform, as_text, "the name of a platform")
        return self.dated(platform, partial(matching, "elastic-beanstalk"))

    @property
    def platform(self) -> Setting:
        """The platform: its own, else that of the template it names."""
        own = self.read(("SolutionStackName", "PlatformArn"), ("solution_stack_name", "platform_arn"))
        if isinstance(own, Known) and own.it is None:
            return self._elsewhere(lambda template: template.platform)
        return own


def _admits_world(restriction: object) -> bool:
    """Whether a restriction (`tcp, 22, 22, 192.0.2.0/24`) lets everyone in, as its absence does."""
    return restriction in (None, "") or covers_world(str(restriction).split(",")[-1].strip())
