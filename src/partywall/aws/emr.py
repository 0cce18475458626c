"""Hadoop clusters: who reaches their nodes, and what their security configuration encrypts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import CONTAINER, Resource, flag, number, one_of, text
from partywall.aws.security_group import GROUPS, GroupRule, Ingress, SecurityGroup
from partywall.graph import View
from partywall.text.json_text import structure_of
from partywall.truth import Truth, all_of, any_of, unknown
from partywall.value import Setting, fits, references

_AT_REST = "EncryptionConfiguration.EnableAtRestEncryption"
_IN_TRANSIT = "EncryptionConfiguration.EnableInTransitEncryption"
_OBJECTS = "EncryptionConfiguration.AtRestEncryptionConfiguration.S3EncryptionConfiguration"
_DISKS = "EncryptionConfiguration.AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration"
_CERTIFICATES = "EncryptionConfiguration.InTransitEncryptionConfiguration.TLSCertificateConfiguration"


class Cluster(
    Resource, service="emr", model=CONTAINER, cloudformation="AWS::EMR::Cluster", terraform="aws_emr_cluster"
):
    """A cluster: AWS installs it, the customer places it and says who reaches it."""

    @property
    def names_security_configuration(self) -> Truth:
        """Whether a security configuration applies; without one nothing is encrypted."""
        return self.is_set("SecurityConfiguration", "security_configuration")

    @property
    def subnets(self) -> tuple[Setting, ...]:
        """The subnets that it names; EMR picks one of them."""
        return self.elements(
            ("Instances.Ec2SubnetId", "Instances.Ec2SubnetIds"),
            ("ec2_attributes.subnet_id", "ec2_attributes.subnet_ids"),
        )

    @property
    def groups(self) -> tuple[Setting, ...]:
        """The security groups that it names; EMR makes closed ones where none are named."""
        return self.elements(
            (
                "Instances.EmrManagedMasterSecurityGroup", "Instances.EmrManagedSlaveSecurityGroup",
                "Instances.ServiceAccessSecurityGroup", "Instances.AdditionalMasterSecurityGroups",
                "Instances.AdditionalSlaveSecurityGroups",
            ),
            (
                "ec2_attributes.emr_managed_master_security_group", "ec2_attributes.emr_managed_slave_security_group",
                "ec2_attributes.service_access_security_group", "ec2_attributes.additional_master_security_groups",
                "ec2_attributes.additional_slave_security_groups",
            ),
        )  # fmt: skip

    @property
    def open_to_world(self) -> Truth:
        """Whether some group lets the internet in."""
        return any_of((*(truth for truth, _ in self._openings()), *self._undeclared()))

    @property
    def open_beyond_ssh(self) -> Truth:
        """Whether the internet gets further than to SSH: the services of a cluster run code for whoever connects."""
        return any_of(truth & ~only_ssh for truth, only_ssh in self._openings())

    def _openings(self) -> Iterator[tuple[Truth, Truth]]:
        """Each rule of its groups that may let the internet in, and whether it is about SSH alone."""
        for value in self.groups:
            for group in self._declared_groups(value):
                for rule, link in group.rules(Ingress):
                    yield link & rule.world, _only(rule, 22)

    def _undeclared(self) -> Iterator[Truth]:
        for value in self.groups:
            if not self._declared_groups(value):
                yield unknown("a security group is not declared here", value.span, self.declared.address)

    def _declared_groups(self, value: Setting) -> list[SecurityGroup]:
        """The groups that a value names, which may be a text of several."""
        found = dict.fromkeys(self.view.graph.by_address.get(it.address) for it in references(value))
        return [SecurityGroup(self.view, it) for it in found if it is not None and it.type in GROUPS]


def _only(rule: GroupRule, port: int) -> Truth:
    owner = rule.declared.address
    return all_of(fits(value, "the port", lambda it: it == port, owner) for value in (rule.first, rule.last))


class PublicAccessGuard(
    Resource, service="emr", model=CONTAINER, terraform="aws_emr_block_public_access_configuration"
):
    """The account's guard in a region: no cluster starts with groups that are open to the internet."""

    on = flag(tf="block_public_security_group_rules", default=False)

    @property
    def exceptions(self) -> tuple[Resource, ...]:
        """The ranges of ports that may be open all the same."""
        found = self.elements((), "permitted_public_security_group_rule_range")
        return tuple(Resource(self.view, self.declared, it) for it in found)

    @property
    def permits_more_than_ssh(self) -> Truth:
        """Whether ports other than 22 are excepted."""
        return any_of(
            ~all_of(
                bound.fits(it, lambda port: port == 22)
                for bound in (number(tf="min_range"), number(tf="max_range", default=22))
            )
            for it in self.exceptions
        )


class SecurityConfiguration(
    Resource,
    service="emr",
    model=CONTAINER,
    cloudformation="AWS::EMR::SecurityConfiguration",
    terraform="aws_emr_security_configuration",
):
    """What clusters encrypt, as JSON; everything is off unless it is asked for.

    Source: EMR management guide, Create a security configuration.
    """

    at_rest = flag(cfn=_AT_REST, tf=_AT_REST, default=False)
    disk_keys = text(cfn=f"{_DISKS}.EncryptionKeyProviderType", tf=f"{_DISKS}.EncryptionKeyProviderType", default="")
    volumes = flag(cfn=f"{_DISKS}.EnableEbsEncryption", tf=f"{_DISKS}.EnableEbsEncryption", default=False)
    in_transit = flag(cfn=_IN_TRANSIT, tf=_IN_TRANSIT, default=False)

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every configuration, as the document it is."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            document = Resource(view, declared).read("SecurityConfiguration", "configuration")
            yield cls(view, declared, structure_of(document))

    @property
    def encrypts_storage(self) -> Truth:
        """Whether data in S3 and on disks are encrypted; with keys of KMS, root volumes only if EBS is asked too."""
        volumes_left_out = ~self.volumes & type(self).disk_keys.fits(self, one_of("AwsKms"))
        return self.at_rest & self.is_set(_OBJECTS, _OBJECTS) & self.is_set(_DISKS, _DISKS) & ~volumes_left_out

    @property
    def encrypts_traffic(self) -> Truth:
        """Whether nodes speak TLS among themselves, with certificates to do it."""
        return self.in_transit & self.is_set(_CERTIFICATES, _CERTIFICATES)
