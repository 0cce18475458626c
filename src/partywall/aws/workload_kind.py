"""The kinds of workload: which types have interfaces in a network, and how each writes where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from partywall.aws.resource import Flag, flag
from partywall.immutable import immutable
from partywall.value import Unknown

Names = tuple[tuple[str, ...], tuple[str, ...]]
"""Spellings: of CloudFormation, of Terraform."""

NOWHERE_SAID: Names = ((), ())


@immutable()
class Spelling:
    """How one type writes where it stands: subnets, groups, whether its address is public."""

    subnets: Names = NOWHERE_SAID
    groups: Names = NOWHERE_SAID
    public: Names = NOWHERE_SAID
    ipv6: Names = NOWHERE_SAID
    private: Names = NOWHERE_SAID


@immutable()
class Kind:
    """One kind of workload.

    `addressed` says what makes its address public: `subnet` (its own word, else the subnet's), `flag` (the `switch`
    of the service), `scheme` (load balancers), `never`. `ports` are what it listens on when it does not say. One with
    `has_own_way_out` runs in AWS's own network, which leads to the internet, where it stands in no VPC.
    """

    name: str
    types: tuple[str, ...]
    spelling: Spelling
    addressed: str = "never"
    switch: tuple[Flag, ...] = ()
    subnet_group: Names = NOWHERE_SAID
    port: Names = NOWHERE_SAID
    ports: tuple[int, ...] = ()
    stores_data: bool = False
    makes_groups: bool = False
    client: tuple[int, int] = (32768, 65535)
    condition: Names = NOWHERE_SAID
    has_own_way_out: bool = False


_BY_PROVIDER = "it is not set, and the default changed with version 6 of the AWS provider"
_ANY_CLIENT = (1024, 65535)
_VPC_CONFIG = "VpcConfig"
_ECS = ("NetworkConfiguration.AwsvpcConfiguration", "network_configuration")

_INSTANCE = Spelling(
    (("SubnetId", "NetworkInterfaces.SubnetId"), ("subnet_id",)),
    (
        ("SecurityGroupIds", "SecurityGroups", "NetworkInterfaces.GroupSet"),
        ("vpc_security_group_ids", "security_groups"),
    ),
    (("NetworkInterfaces.AssociatePublicIpAddress",), ("associate_public_ip_address",)),
    (
        ("Ipv6AddressCount", "Ipv6Addresses", "NetworkInterfaces.Ipv6AddressCount", "NetworkInterfaces.Ipv6Addresses"),
        ("ipv6_address_count", "ipv6_addresses"),
    ),
    (("PrivateIpAddress", "NetworkInterfaces.PrivateIpAddress"), ("private_ip",)),
)
INTERFACE = Spelling(
    (("SubnetId",), ("subnet_id",)),
    (("GroupSet",), ("security_groups",)),
    NOWHERE_SAID,
    (("Ipv6AddressCount", "Ipv6Addresses"), ("ipv6_address_count", "ipv6_addresses")),
    (("PrivateIpAddress",), ("private_ip", "private_ips")),
)
TEMPLATE = Spelling(
    (("LaunchTemplateData.NetworkInterfaces.SubnetId",), ("network_interfaces.subnet_id",)),
    (
        (
            "LaunchTemplateData.SecurityGroupIds",
            "LaunchTemplateData.SecurityGroups",
            "LaunchTemplateData.NetworkInterfaces.Groups",
        ),
        ("vpc_security_group_ids", "security_group_names", "network_interfaces.security_groups"),
    ),
    (
        ("LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress",),
        ("network_interfaces.associate_public_ip_address",),
    ),
    (("LaunchTemplateData.NetworkInterfaces.Ipv6AddressCount",), ("network_interfaces.ipv6_address_count",)),
)
CONFIGURATION = Spelling(
    NOWHERE_SAID,
    (("SecurityGroups",), ("security_groups",)),
    (("AssociatePublicIpAddress",), ("associate_public_ip_address",)),
)
_STORE = Spelling(groups=(("VpcSecurityGroupIds",), ("vpc_security_group_ids",)))


def _public(*, default: bool | Unknown[bool], tf_default: bool | Unknown[bool] | None = None) -> tuple[Flag, ...]:
    return (flag(cfn="PubliclyAccessible", tf="publicly_accessible", default=default, tf_default=tf_default),)


KINDS: tuple[Kind, ...] = (
    Kind(
        "instance", ("AWS::EC2::Instance", "aws_instance", "aws_spot_instance_request"), _INSTANCE, "subnet",
    ),
    Kind("interface", ("AWS::EC2::NetworkInterface", "aws_network_interface"), INTERFACE, "subnet"),
    Kind(
        "scaling group", ("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group"),
        Spelling((("VPCZoneIdentifier",), ("vpc_zone_identifier",))), "subnet",
    ),
    Kind(
        "database", ("AWS::RDS::DBInstance", "aws_db_instance"),
        Spelling(groups=(("VPCSecurityGroups",), ("vpc_security_group_ids",))), "flag",
        _public(default=Unknown("AWS decides by the subnet group"), tf_default=False),
        (("DBSubnetGroupName",), ("db_subnet_group_name",)), (("Port",), ("port",)), stores_data=True,
    ),
    Kind(
        "database", ("aws_rds_cluster_instance",), _STORE, "flag", _public(default=False),
        (("DBSubnetGroupName",), ("db_subnet_group_name",)), (("Port",), ("port",)), stores_data=True,
    ),
    Kind(
        "database cluster", ("AWS::RDS::DBCluster", "aws_rds_cluster"), _STORE,
        subnet_group=(("DBSubnetGroupName",), ("db_subnet_group_name",)), port=(("Port",), ("port",)), stores_data=True,
    ),
    Kind(
        "warehouse", ("AWS::Redshift::Cluster", "aws_redshift_cluster"), _STORE, "flag",
        _public(default=False, tf_default=Unknown(_BY_PROVIDER)),
        (("ClusterSubnetGroupName",), ("cluster_subnet_group_name",)), (("Port",), ("port",)), (5439,),
        stores_data=True,
    ),
    Kind(
        "replication instance", ("AWS::DMS::ReplicationInstance", "aws_dms_replication_instance"), _STORE, "flag",
        _public(default=True, tf_default=False),
        (("ReplicationSubnetGroupIdentifier",), ("replication_subnet_group_id",)),
    ),
    Kind(
        "broker", ("AWS::AmazonMQ::Broker", "aws_mq_broker"),
        Spelling((("SubnetIds",), ("subnet_ids",)), (("SecurityGroups",), ("security_groups",))), "flag",
        _public(default=False), ports=(61617, 5671, 8883, 61614, 61619, 8162, 443),
    ),
    Kind(
        "document database", ("AWS::DocDB::DBCluster", "aws_docdb_cluster"), _STORE,
        subnet_group=(("DBSubnetGroupName",), ("db_subnet_group_name",)), port=(("Port",), ("port",)), ports=(27017,),
        stores_data=True,
    ),
    Kind(
        "graph database", ("AWS::Neptune::DBCluster", "aws_neptune_cluster"), _STORE,
        subnet_group=(("DBSubnetGroupName",), ("neptune_subnet_group_name",)), port=(("DBPort",), ("port",)),
        ports=(8182,), stores_data=True,
    ),
    Kind(
        "cache", ("AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster"),
        Spelling(groups=(("VpcSecurityGroupIds",), ("security_group_ids",))),
        subnet_group=(("CacheSubnetGroupName",), ("subnet_group_name",)), port=(("Port",), ("port",)),
        ports=(6379, 11211), stores_data=True,
    ),
    Kind(
        "cache", ("AWS::ElastiCache::ReplicationGroup", "aws_elasticache_replication_group"),
        Spelling(groups=(("SecurityGroupIds",), ("security_group_ids",))),
        subnet_group=(("CacheSubnetGroupName",), ("subnet_group_name",)), port=(("Port",), ("port",)),
        ports=(6379,), stores_data=True,
    ),
    Kind(
        "cache", ("AWS::MemoryDB::Cluster", "aws_memorydb_cluster"),
        Spelling(groups=(("SecurityGroupIds",), ("security_group_ids",))),
        subnet_group=(("SubnetGroupName",), ("subnet_group_name",)), port=(("Port",), ("port",)), ports=(6379,),
        stores_data=True,
    ),
    Kind(
        "cache", ("AWS::DAX::Cluster", "aws_dax_cluster"),
        Spelling(groups=(("SecurityGroupIds",), ("security_group_ids",))),
        subnet_group=(("SubnetGroupName",), ("subnet_group_name",)), ports=(8111, 9111), stores_data=True,
    ),
    Kind(
        "file system", ("AWS::EFS::MountTarget", "aws_efs_mount_target"),
        Spelling((("SubnetId",), ("subnet_id",)), (("SecurityGroups",), ("security_groups",))), ports=(2049,),
        stores_data=True,
    ),
    Kind(
        "search domain",
        (
            "AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain", "aws_opensearch_domain",
            "aws_elasticsearch_domain",
        ),
        Spelling(
            (("VPCOptions.SubnetIds",), ("vpc_options.subnet_ids",)),
            (("VPCOptions.SecurityGroupIds",), ("vpc_options.security_group_ids",)),
        ),
        ports=(443,), stores_data=True, condition=(("VPCOptions",), ("vpc_options",)),
    ),
    Kind(
        "broker cluster", ("AWS::MSK::Cluster", "aws_msk_cluster"),
        Spelling(
            (("BrokerNodeGroupInfo.ClientSubnets",), ("broker_node_group_info.client_subnets",)),
            (("BrokerNodeGroupInfo.SecurityGroups",), ("broker_node_group_info.security_groups",)),
        ),
        ports=(9092, 9094, 9096, 9098), stores_data=True,
    ),
    Kind(
        "container service", ("AWS::ECS::Service", "aws_ecs_service"),
        Spelling(
            ((f"{_ECS[0]}.Subnets",), (f"{_ECS[1]}.subnets",)),
            ((f"{_ECS[0]}.SecurityGroups",), (f"{_ECS[1]}.security_groups",)),
            ((f"{_ECS[0]}.AssignPublicIp",), (f"{_ECS[1]}.assign_public_ip",)),
        ),
        "flag", (flag(cfn=f"{_ECS[0]}.AssignPublicIp", tf=f"{_ECS[1]}.assign_public_ip", default=False),),
        condition=((_ECS[0],), (_ECS[1],)),
    ),
    Kind(
        "function", ("AWS::Lambda::Function", "AWS::Serverless::Function", "aws_lambda_function"),
        Spelling(
            ((f"{_VPC_CONFIG}.SubnetIds",), ("vpc_config.subnet_ids",)),
            ((f"{_VPC_CONFIG}.SecurityGroupIds",), ("vpc_config.security_group_ids",)),
        ),
        client=_ANY_CLIENT, condition=((_VPC_CONFIG,), ("vpc_config",)), has_own_way_out=True,
    ),
    Kind(
        "control plane", ("AWS::EKS::Cluster", "aws_eks_cluster"),
        Spelling(
            (("ResourcesVpcConfig.SubnetIds",), ("vpc_config.subnet_ids",)),
            (("ResourcesVpcConfig.SecurityGroupIds",), ("vpc_config.security_group_ids",)),
        ),
        ports=(443,), makes_groups=True,
    ),
    Kind(
        "node group", ("AWS::EKS::Nodegroup", "aws_eks_node_group"),
        Spelling((("Subnets",), ("subnet_ids",))), "subnet", makes_groups=True,
    ),
    Kind(
        "endpoint", ("AWS::EC2::VPCEndpoint", "aws_vpc_endpoint"),
        Spelling((("SubnetIds",), ("subnet_ids",)), (("SecurityGroupIds",), ("security_group_ids",))), ports=(443,),
        condition=(("SubnetIds",), ("subnet_ids",)),
    ),
    Kind(
        "load balancer",
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer", "aws_lb", "aws_alb",
            "aws_elb",
        ),
        Spelling(
            (("Subnets", "SubnetMappings"), ("subnets", "subnet_mapping")),
            (("SecurityGroups",), ("security_groups",)),
        ),
        "scheme", client=_ANY_CLIENT,
    ),
)  # fmt: skip

BY_TYPE: Mapping[str, Kind] = {name: kind for kind in KINDS for name in kind.types}
