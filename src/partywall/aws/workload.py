"""Workloads: what has interfaces in a network, where each stands and what it says about its addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Self

from partywall.aws.resource import CONTAINER, INFRASTRUCTURE, Resource, as_bool, number, text
from partywall.aws.security_group import GROUPS, Egress, Ingress
from partywall.aws.workload_kind import BY_TYPE, CONFIGURATION, INTERFACE, NOWHERE_SAID, TEMPLATE, Kind, Names, Spelling
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import NO, YES, State, Truth, any_of, known
from partywall.value import Known, Setting, Unknown, convert, fits

_TEMPLATES = ("AWS::EC2::LaunchTemplate", "aws_launch_template")
_CONFIGURATIONS = ("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration")
_TEMPLATE_NAMES: Names = (
    (
        "LaunchTemplate.LaunchTemplateId", "LaunchTemplate.LaunchTemplateName", "LaunchTemplate.Id",
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
    ),
    (
        "launch_template.id", "launch_template.name",
        "mixed_instances_policy.launch_template.launch_template_specification.launch_template_id",
    ),
)  # fmt: skip
_CONFIGURATION_NAMES: Names = (("LaunchConfigurationName",), ("launch_configuration",))
_MOULDS = (
    (_TEMPLATE_NAMES, _TEMPLATES, TEMPLATE),
    (_CONFIGURATION_NAMES, _CONFIGURATIONS, CONFIGURATION),
)
"""How machines name the mould they are made from, and how that writes what it gives them."""
SUBNET_GROUPS: Mapping[str, Names] = {
    name: spelling
    for types, spelling in (
        (
            ("AWS::RDS::DBSubnetGroup", "aws_db_subnet_group", "AWS::DocDB::DBSubnetGroup", "aws_docdb_subnet_group",
             "AWS::Neptune::DBSubnetGroup", "aws_neptune_subnet_group", "AWS::Redshift::ClusterSubnetGroup",
             "aws_redshift_subnet_group", "AWS::ElastiCache::SubnetGroup", "aws_elasticache_subnet_group",
             "AWS::DMS::ReplicationSubnetGroup", "aws_dms_replication_subnet_group", "AWS::MemoryDB::SubnetGroup",
             "aws_memorydb_subnet_group", "AWS::DAX::SubnetGroup", "aws_dax_subnet_group"),
            (("SubnetIds",), ("subnet_ids",)),
        ),
    )
    for name in types
}  # fmt: skip
_GROUP_NAMES = (
    "name", "id", "DBSubnetGroupName", "ClusterSubnetGroupName", "CacheSubnetGroupName", "SubnetGroupName",
    "ReplicationSubnetGroupIdentifier", "replication_subnet_group_id",
)  # fmt: skip

_ENGINE_PORTS = (
    ("postgres", 5432), ("aurora-postgresql", 5432), ("mysql", 3306), ("mariadb", 3306), ("aurora", 3306),
    ("oracle", 1521), ("custom-oracle", 1521), ("sqlserver", 1433), ("custom-sqlserver", 1433), ("db2", 50000),
    ("docdb", 27017), ("neptune", 8182),
)  # fmt: skip
"""What an engine listens on. Source: RDS API reference, CreateDBInstance.Port and CreateDBCluster.Port."""


_SUBNETS_APART = {"aws_vpc_endpoint_subnet_association": ("vpc_endpoint_id", "subnet_id")}
_GROUPS_APART = {
    "aws_network_interface_sg_attachment": ("network_interface_id", "security_group_id"),
    "aws_vpc_endpoint_security_group_association": ("vpc_endpoint_id", "security_group_id"),
}


KNOWN_CARRIERS = frozenset((
    *BY_TYPE, *_GROUPS_APART, *_TEMPLATES, *_CONFIGURATIONS, *GROUPS, *Ingress.alone, *Egress.alone,
))  # fmt: skip
"""What may name a security group without giving it to an interface nobody knows of."""


class Workload(Resource, service="ec2", model=INFRASTRUCTURE):
    """Something with interfaces in a network, of any kind."""

    engine = text(cfn="Engine", tf="engine", default=Unknown("the engine is given elsewhere"))

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every workload of the kinds a class names; of all kinds where it names none."""
        types = cls.cloudformation + cls.terraform or tuple(BY_TYPE)
        for declared in view.of(types):
            if declared.type in BY_TYPE:
                yield cls(view, declared)

    @property
    def kind(self) -> Kind:
        """What sort of thing it is."""
        return BY_TYPE[self.declared.type]

    @cached_property
    def layers(self) -> tuple[tuple[Resource, Spelling], ...]:
        """Where its settings may stand, strongest first: itself, interfaces made before, its launch template."""
        found: list[tuple[Resource, Spelling]] = [(self, self.kind.spelling)]
        if self.kind.name == "instance":
            found += [(it, INTERFACE) for it in self.attached]
        found += [(Resource(self.view, it), spelling) for _, it, spelling in self._moulds if it is not None]
        return tuple(found)

    @cached_property
    def _moulds(self) -> tuple[tuple[Setting, Declared | None, Spelling], ...]:
        """What names its launch template and its launch configuration, each with the declaration that is meant."""
        if self.kind.name not in ("instance", "scaling group", "node group"):
            return ()
        named = ((self.read(*names), types, spelling) for names, types, spelling in _MOULDS)
        return tuple((value, self.view.target(value, types), spelling) for value, types, spelling in named)

    @property
    def unseen_template(self) -> Setting | None:
        """The launch template it names, where that is not declared here."""
        unseen = (value for value, declared, _ in self._moulds if declared is None)
        return next((it for it in unseen if not (isinstance(it, Known) and it.it is None)), None)

    @cached_property
    def attached(self) -> tuple[Resource, ...]:
        """Interfaces that were made before and are plugged in."""
        found: dict[str, Declared] = {}
        types = ("AWS::EC2::NetworkInterface", "aws_network_interface")
        for item in self.elements("NetworkInterfaces", ("network_interface", "primary_network_interface")):
            value = Resource(self.view, self.declared, item).read("NetworkInterfaceId", "network_interface_id")
            target = self.view.target(value, types)
            if target is not None:
                found[target.address] = target
        keys = {"AWS::EC2::NetworkInterfaceAttachment": "InstanceId", "aws_network_interface_attachment": "instance"}
        for link in self.companions(keys, ("id",)):
            value = Resource(self.view, link.declared).read("NetworkInterfaceId", "network_interface_id")
            target = self.view.target(value, types)
            if target is not None:
                found[target.address] = target
        return tuple(Resource(self.view, found[address]) for address in sorted(found))

    def _layered(self, pick: str) -> tuple[Setting, ...]:
        """The elements that the strongest layer gives."""
        for owner, spelling in self.layers:
            names: Names = getattr(spelling, pick)
            found = owner.elements(*names)
            if found:
                return found
        return ()

    @cached_property
    def subnets(self) -> tuple[Setting, ...]:
        """The names of the subnets its interfaces may stand in; none where it does not say."""
        cfn, tf = self.kind.subnet_group
        if cfn or tf:
            return self._of_subnet_group(self.read(cfn, tf))
        own = tuple(
            Resource(self.view, self.declared, value).read("SubnetId", "subnet_id")
            if isinstance(value, Known) and isinstance(value.it, Mapping)
            else value
            for value in self._layered("subnets")
        )
        return (*own, *self._apart(_SUBNETS_APART))

    def _of_subnet_group(self, value: Setting) -> tuple[Setting, ...]:
        if isinstance(value, Known) and value.it is None:
            return self._of_cluster()
        target = self.view.target(value, tuple(SUBNET_GROUPS))
        if target is None and isinstance(value, Known):
            groups = self.view.of(tuple(SUBNET_GROUPS))
            target = next((it for it in groups if self.view.names(value, it, _GROUP_NAMES).state is State.YES), None)
        if target is None:
            return (value,)
        return Resource(self.view, target).elements(*SUBNET_GROUPS[target.type])

    @cached_property
    def cluster(self) -> Workload | None:
        """The database cluster it is a member of."""
        value = self.read("DBClusterIdentifier", "cluster_identifier")
        if self.kind.name != "database" or (isinstance(value, Known) and value.it is None):
            return None
        target = self.view.target(value, ("AWS::RDS::DBCluster", "aws_rds_cluster"))
        return None if target is None else Workload(self.view, target)

    def _of_cluster(self) -> tuple[Setting, ...]:
        return self.cluster.subnets if self.cluster is not None else ()

    def _apart(self, names: Mapping[str, tuple[str, str]]) -> tuple[Setting, ...]:
        """What declarations apart give to it: by type, how each names it and what it gives."""
        links = self.companions({kind: owner for kind, (owner, _) in names.items()}, ("id",))
        return tuple(Resource(self.view, it.declared).read((), names[it.declared.type][1]) for it in links)

    @cached_property
    def groups_apart(self) -> tuple[Setting, ...]:
        """The groups that declarations apart put on it, or on an interface plugged into it, besides those it names."""
        found = self._apart(_GROUPS_APART)
        for it in self.attached if self.kind.name == "instance" else ():
            found += Workload(self.view, it.declared).groups_apart
        return found

    @cached_property
    def groups(self) -> tuple[Setting, ...]:
        """The names of its security groups; none where it does not say."""
        found = self._layered("groups")
        if not found and self.cluster is not None:
            return self.cluster.groups
        return found

    def said_public(self) -> tuple[Setting, str] | None:
        """What it, or its launch template, says about a public address."""
        for owner, spelling in self.layers:
            value = owner.read(*spelling.public)
            if spelling.public != NOWHERE_SAID and not (isinstance(value, Known) and value.it is None):
                return value, owner.declared.address
        return None

    @property
    def brings_interface(self) -> bool:
        """Whether it is launched with an interface that was made before, which never gets a public address."""
        return bool(self.attached) and not self.elements(*self.kind.spelling.subnets)

    @property
    def asks_ipv6(self) -> Truth:
        """Whether it asks for an IPv6 address."""
        return any_of(
            owner.is_set(names, tf_names) & _wanted(owner.read(names, tf_names))
            for owner, spelling in self.layers
            for names, tf_names in (spelling.ipv6,)
            if spelling.ipv6 != NOWHERE_SAID
        )

    @property
    def private_addresses(self) -> tuple[str, ...]:
        """Its fixed private addresses."""
        return tuple(it.it for it in self._layered("private") if isinstance(it, Known) and isinstance(it.it, str))

    @property
    def listens(self) -> tuple[int, ...]:
        """The ports it is known to listen on."""
        if self.kind.port != NOWHERE_SAID:
            value = number(cfn=self.kind.port[0], tf=self.kind.port[1], default=Unknown("default")).of(self)
            if isinstance(value, Known):
                return (value.it,)
            if self.cluster is not None and not self.kind.ports:
                return self.cluster.listens
        engine = self.engine
        if self.kind.name.startswith("database") and isinstance(engine, Known):
            name = engine.it.lower()
            best = max((it for it in _ENGINE_PORTS if name.startswith(it[0])), key=lambda it: len(it[0]), default=None)
            return (best[1],) if best is not None else ()
        return self.kind.ports

    @property
    def elastic_address(self) -> Truth:
        """Whether an elastic IP is bound to it or to an interface plugged into it."""
        keys = {
            "AWS::EC2::EIP": "InstanceId", "AWS::EC2::EIPAssociation": "InstanceId", "aws_eip": "instance",
            "aws_eip_association": "instance_id",
        }  # fmt: skip
        of_interface = {
            "AWS::EC2::EIPAssociation": "NetworkInterfaceId", "aws_eip": "network_interface",
            "aws_eip_association": "network_interface_id",
        }  # fmt: skip
        own = of_interface if self.kind.name == "interface" else keys
        found = [link.holds for link in self.companions(own, ("id",))]
        for it in self.attached:
            found += [link.holds for link in it.companions(of_interface, ("id",))]
        return any_of(found)


def _wanted(value: Setting) -> Truth:
    return NO if isinstance(value, Known) and value.it in (0, "0") else YES


class Host(
    Workload,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(
        "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::AutoScaling::AutoScalingGroup", "AWS::ECS::Service",
        "AWS::EKS::Nodegroup",
    ),
    terraform=(
        "aws_instance", "aws_spot_instance_request", "aws_network_interface", "aws_autoscaling_group",
        "aws_ecs_service", "aws_eks_node_group",
    ),
):  # fmt: skip
    """A machine, or containers with an interface of their own: what runs there is the customer's."""


def gives_address(value: Setting, owner: str) -> Truth:
    """Whether a setting gives a public address, in words that say so."""
    wanted = convert(value, as_bool, "true or false")
    if isinstance(wanted, Known):
        return known(wanted.it, f"it gets {'a' if wanted.it else 'no'} public address", wanted.span, owner)
    return fits(wanted, "whether it gets a public address", bool, owner)


class Addressed(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"),
    terraform=("aws_instance", "aws_launch_template", "aws_launch_configuration"),
):
    """A machine, or the mould for machines, as something that may ask for a public address."""

    @property
    def is_mould(self) -> bool:
        """Whether machines are made from it."""
        return self.declared.type in _TEMPLATES + _CONFIGURATIONS

    @property
    def said(self) -> Truth | None:
        """What a mould says itself."""
        spelling = TEMPLATE if self.declared.type in _TEMPLATES else CONFIGURATION
        value = self.read(*spelling.public)
        if isinstance(value, Known) and value.it is None:
            return None
        return gives_address(value, self.declared.address)

    @property
    def used_by(self) -> Iterator[Workload]:
        """The declared workloads that are made from it."""
        for workload in Workload.subjects(self.view):
            if any(owner.declared is self.declared for owner, _ in workload.layers):
                yield workload


class Store(
    Workload,
    service="rds",
    model=CONTAINER,
    cloudformation=(
        "AWS::RDS::DBInstance", "AWS::Redshift::Cluster", "AWS::DMS::ReplicationInstance", "AWS::AmazonMQ::Broker",
    ),
    terraform=(
        "aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster", "aws_dms_replication_instance",
        "aws_mq_broker",
    ),
):  # fmt: skip
    """A managed service with a switch that gives it a public address."""


class InnerStore(
    Workload,
    service="rds",
    model=CONTAINER,
    cloudformation=(
        "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::Redshift::Cluster", "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
    ),
    terraform=(
        "aws_db_instance", "aws_rds_cluster", "aws_redshift_cluster", "aws_opensearch_domain",
        "aws_elasticsearch_domain",
    ),
):  # fmt: skip
    """A data store that a neighbour may reach."""


class Bearer(
    Workload,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(
        "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::EC2::NetworkInterface",
        "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::EC2::VPCEndpoint",
        "AWS::AutoScaling::LaunchConfiguration",
    ),
    terraform=(
        "aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_network_interface", "aws_lb", "aws_alb",
        "aws_elb", "aws_vpc_endpoint",
    ),
):  # fmt: skip
    """What gets the default security group when it names none; moulds for machines among it."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every such resource."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            yield cls(view, declared)

    @property
    def is_mould(self) -> bool:
        """Whether it is a launch template or configuration, which is completed where it is used."""
        return self.declared.type in _TEMPLATES + _CONFIGURATIONS

    @property
    def mould_groups(self) -> tuple[Setting, ...]:
        """The groups that a mould names."""
        spelling = TEMPLATE if self.declared.type in _TEMPLATES else CONFIGURATION
        return self.elements(*spelling.groups)


class SubnetGroup(
    Resource,
    service="rds",
    model=CONTAINER,
    cloudformation=(
        "AWS::RDS::DBSubnetGroup", "AWS::Redshift::ClusterSubnetGroup", "AWS::DocDB::DBSubnetGroup",
        "AWS::Neptune::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup", "AWS::EFS::MountTarget",
    ),
    terraform=(
        "aws_db_subnet_group", "aws_redshift_subnet_group", "aws_docdb_subnet_group", "aws_neptune_subnet_group",
        "aws_elasticache_subnet_group", "aws_memorydb_subnet_group", "aws_efs_mount_target",
    ),
):  # fmt: skip
    """The subnets that a data store may stand in."""

    @property
    def subnets(self) -> tuple[Setting, ...]:
        """Their names."""
        return self.elements(("SubnetIds", "SubnetId"), ("subnet_ids", "subnet_id"))
