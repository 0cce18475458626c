"""Groups, lists, routes and peerings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hostile.inputs.making import hostile, resource, template


@hostile
def groups_in_a_clique(at: Path) -> None:
    """2,000 groups, each lets 16 others in, with a machine each: 32,000 edges."""
    made: dict[str, Any] = {
        "N": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/8"),
        "S": resource("AWS::EC2::Subnet", VpcId={"Ref": "N"}, CidrBlock="10.0.0.0/16"),
    }
    for n in range(2000):
        rules = [
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "SourceSecurityGroupId": {"Ref": f"G{(n + k) % 2000}"}}
            for k in range(20)
        ]
        made[f"G{n}"] = resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "N"}, SecurityGroupIngress=rules)
        made[f"I{n}"] = resource("AWS::EC2::Instance", SubnetId={"Ref": "S"}, SecurityGroupIds=[{"Ref": f"G{n}"}])
    template(at, made)


@hostile
def groups_all_with_all(at: Path) -> None:
    """200 groups, each lets all others in, and the internet into one."""
    made: dict[str, Any] = {
        "N": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/8"),
        "S": resource("AWS::EC2::Subnet", VpcId={"Ref": "N"}, CidrBlock="10.0.0.0/16", MapPublicIpOnLaunch=True),
        "W": resource("AWS::EC2::InternetGateway"),
        "A": resource("AWS::EC2::VPCGatewayAttachment", VpcId={"Ref": "N"}, InternetGatewayId={"Ref": "W"}),
        "T": resource("AWS::EC2::RouteTable", VpcId={"Ref": "N"}),
        "D": resource(
            "AWS::EC2::Route", RouteTableId={"Ref": "T"}, DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "W"}
        ),
        "B": resource("AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "S"}, RouteTableId={"Ref": "T"}),
    }
    for n in range(200):
        rules = [{"IpProtocol": "-1", "SourceSecurityGroupId": {"Ref": f"G{k}"}} for k in range(200)]
        rules += [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}] if n == 0 else []
        made[f"G{n}"] = resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "N"}, SecurityGroupIngress=rules)
        made[f"I{n}"] = resource(
            "AWS::EC2::Instance", SubnetId={"Ref": "S"}, SecurityGroupIds=[{"Ref": f"G{n}"}], IamInstanceProfile="x"
        )
    template(at, made)


@hostile
def ranges_10000_overlap(at: Path) -> None:
    """A group with 10,000 ranges that overlap, each with a description."""
    rules = [
        {
            "IpProtocol": "tcp",
            "FromPort": n % 1000,
            "ToPort": n % 1000 + 5000,
            "CidrIp": f"{n % 200}.{n // 200}.0.0/{8 + n % 9}",
            "Description": f"d{n}",
        }
        for n in range(10_000)
    ]
    template(
        at,
        {
            "N": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/8"),
            "G": resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "N"}, SecurityGroupIngress=rules),
            **{f"I{n}": resource("AWS::EC2::Instance", SecurityGroupIds=[{"Ref": "G"}]) for n in range(50)},
        },
    )


@hostile
def acl_of_5000_entries(at: Path) -> None:
    """A network ACL with 5,000 entries that allow and deny parts, and 100 subnets with machines behind it."""
    made: dict[str, Any] = {
        "N": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/8"),
        "W": resource("AWS::EC2::InternetGateway"),
        "A": resource("AWS::EC2::VPCGatewayAttachment", VpcId={"Ref": "N"}, InternetGatewayId={"Ref": "W"}),
        "L": resource("AWS::EC2::NetworkAcl", VpcId={"Ref": "N"}),
        "T": resource("AWS::EC2::RouteTable", VpcId={"Ref": "N"}),
        "D": resource(
            "AWS::EC2::Route", RouteTableId={"Ref": "T"}, DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "W"}
        ),
        "G": resource(
            "AWS::EC2::SecurityGroup",
            VpcId={"Ref": "N"},
            SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}],
        ),
    }
    for n in range(5000):
        made[f"E{n}"] = resource(
            "AWS::EC2::NetworkAclEntry",
            NetworkAclId={"Ref": "L"},
            RuleNumber=n + 1,
            Protocol=(6, 17, -1)[n % 3],
            RuleAction=("allow", "deny")[n % 2],
            Egress=n % 5 == 0,
            CidrBlock=f"{n % 223 + 1}.{n % 250}.0.0/{n % 20 + 4}",
            PortRange={"From": n, "To": n + 9000},
        )
    for n in range(100):
        made[f"S{n}"] = resource(
            "AWS::EC2::Subnet", VpcId={"Ref": "N"}, CidrBlock=f"10.{n}.0.0/24", MapPublicIpOnLaunch=True
        )
        made[f"SA{n}"] = resource(
            "AWS::EC2::SubnetNetworkAclAssociation", SubnetId={"Ref": f"S{n}"}, NetworkAclId={"Ref": "L"}
        )
        made[f"SR{n}"] = resource(
            "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": f"S{n}"}, RouteTableId={"Ref": "T"}
        )
        made[f"I{n}"] = resource("AWS::EC2::Instance", SubnetId={"Ref": f"S{n}"}, SecurityGroupIds=[{"Ref": "G"}])
    template(at, made)


@hostile
def subnets_1000_routes_1000(at: Path) -> None:
    """1,000 subnets with a machine each, and one table of 1,000 routes."""
    made: dict[str, Any] = {
        "N": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/8"),
        "W": resource("AWS::EC2::InternetGateway"),
        "A": resource("AWS::EC2::VPCGatewayAttachment", VpcId={"Ref": "N"}, InternetGatewayId={"Ref": "W"}),
        "T": resource("AWS::EC2::RouteTable", VpcId={"Ref": "N"}),
        "G": resource(
            "AWS::EC2::SecurityGroup",
            VpcId={"Ref": "N"},
            SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}],
        ),
    }
    for n in range(1000):
        made[f"D{n}"] = resource(
            "AWS::EC2::Route",
            RouteTableId={"Ref": "T"},
            DestinationCidrBlock=f"{n % 200 + 11}.{n // 200}.0.0/16",
            GatewayId={"Ref": "W"},
        )
        made[f"S{n}"] = resource(
            "AWS::EC2::Subnet", VpcId={"Ref": "N"}, CidrBlock=f"10.{n // 250}.{n % 250}.0/24", MapPublicIpOnLaunch=True
        )
        made[f"SR{n}"] = resource(
            "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": f"S{n}"}, RouteTableId={"Ref": "T"}
        )
        made[f"I{n}"] = resource("AWS::EC2::Instance", SubnetId={"Ref": f"S{n}"}, SecurityGroupIds=[{"Ref": "G"}])
    template(at, made)


@hostile
def peerings_in_a_clique(at: Path) -> None:
    """60 networks, each a peer of all others, each with machines."""
    made: dict[str, Any] = {}
    for n in range(60):
        made[f"N{n}"] = resource("AWS::EC2::VPC", CidrBlock=f"10.{n}.0.0/16")
        made[f"T{n}"] = resource("AWS::EC2::RouteTable", VpcId={"Ref": f"N{n}"})
        made[f"G{n}"] = resource(
            "AWS::EC2::SecurityGroup",
            VpcId={"Ref": f"N{n}"},
            SecurityGroupIngress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
        )
        for k in range(5):
            made[f"S{n}x{k}"] = resource("AWS::EC2::Subnet", VpcId={"Ref": f"N{n}"}, CidrBlock=f"10.{n}.{k}.0/24")
            made[f"SR{n}x{k}"] = resource(
                "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": f"S{n}x{k}"}, RouteTableId={"Ref": f"T{n}"}
            )
            made[f"I{n}x{k}"] = resource(
                "AWS::EC2::Instance", SubnetId={"Ref": f"S{n}x{k}"}, SecurityGroupIds=[{"Ref": f"G{n}"}]
            )
        for k in range(n):
            made[f"P{n}x{k}"] = resource(
                "AWS::EC2::VPCPeeringConnection", VpcId={"Ref": f"N{n}"}, PeerVpcId={"Ref": f"N{k}"}
            )
            made[f"D{n}x{k}"] = resource(
                "AWS::EC2::Route",
                RouteTableId={"Ref": f"T{n}"},
                DestinationCidrBlock=f"10.{k}.0.0/16",
                VpcPeeringConnectionId={"Ref": f"P{n}x{k}"},
            )
            made[f"D{k}x{n}"] = resource(
                "AWS::EC2::Route",
                RouteTableId={"Ref": f"T{k}"},
                DestinationCidrBlock=f"10.{n}.0.0/16",
                VpcPeeringConnectionId={"Ref": f"P{n}x{k}"},
            )
    template(at, made)
