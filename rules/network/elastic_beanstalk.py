"""Elastic Beanstalk: where environments stand, and who reaches their instances."""

from __future__ import annotations

from partywall.aws.elastic_beanstalk import Environment
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule("NET214", MEDIUM, same_as=["cdk_nag:ElasticBeanstalkVPCSpecified"], fixable="unsafe")
def elastic_beanstalk_outside_own_vpc(environment: Environment) -> Truth:
    """Environments name the VPC and the subnets they stand in.

    Without them Elastic Beanstalk uses the default VPC, all of whose subnets are public.

    Instead: set `VPCId`, `Subnets` and `ELBSubnets` in the namespace `aws:ec2:vpc`.

    Sources: Elastic Beanstalk developer guide, General options, aws:ec2:vpc.
    """
    return ~environment.in_own_vpc


@rule("NET215", MEDIUM, fixable="unsafe", covered_by=["NET214"])
def elastic_beanstalk_instances_public(environment: Environment) -> Truth:
    """Environments keep their instances and internal load balancers off the internet.

    Instances get public addresses when the option asks for them, and always in the default VPC; a load balancer is
    public unless its scheme is internal, also before an application that is called internal.

    Instead: leave `AssociatePublicIpAddress` off, and set `ELBScheme` to internal for internal applications.

    Sources: Elastic Beanstalk developer guide, General options, aws:ec2:vpc.
    """
    return environment.public_instances | environment.internal_by_name_only


@rule("NET216", HIGH, fixable="unsafe")
def elastic_beanstalk_ssh_open_by_default(environment: Environment) -> Truth:
    """Environments with a key pair say from where SSH is allowed.

    With a key pair the group that Elastic Beanstalk makes for the instances lets everyone in at port 22, unless
    `SSHSourceRestriction` names a narrower source or the group is switched off.

    Instead: set `SSHSourceRestriction` to `tcp, 22, 22, <range or group>`, or drop the key pair and use Session
    Manager.

    Sources: Elastic Beanstalk developer guide, Managing EC2 security groups; General options.
    """
    return environment.ssh_open_to_world
