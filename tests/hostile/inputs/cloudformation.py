"""Values of CloudFormation, and templates of many resources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hostile.inputs.making import hostile, resource, template, terraform


@hostile
def for_each_bomb(at: Path) -> None:
    """Loops in loops of CloudFormation."""
    inner: dict[str, Any] = {"V${A}${B}${C}${D}": resource("AWS::EC2::Volume")}
    for name in "DCBA":
        inner = {f"Fn::ForEach::L{name}": [name, [f"x{n}" for n in range(100)], inner]}
    template(at, inner, Transform="AWS::LanguageExtensions")


@hostile
def cidr_bomb(at: Path) -> None:
    """2^20 ranges, of each of which one is taken."""
    template(
        at,
        {
            f"S{n}": resource("AWS::EC2::Subnet", CidrBlock={"Fn::Select": [n, {"Fn::Cidr": ["10.0.0.0/8", 2**20, 4]}]})
            for n in range(100)
        },
    )


@hostile
def join_doubling(at: Path) -> None:
    """Text that grows through conditions and mappings."""
    text: Any = {"Ref": "P"}
    for _ in range(60):
        text = {"Fn::Sub": ["${A}${A}", {"A": text}]}
    template(
        at,
        {
            "B": resource("AWS::S3::Bucket", BucketName=text),
            "C": resource(
                "AWS::S3::Bucket", BucketName={"Fn::Join": [{"Fn::Join": ["x" * 10_000, ["a"] * 1000]}, ["b"] * 1000]}
            ),
        },
        Parameters={"P": {"Type": "String", "Default": "ab"}},
    )


@hostile
def anchors_doubling(at: Path) -> None:
    """The laughs of YAML."""
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(30))
    terraform(at, text + "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: *a30\n", "a.yaml")


@hostile
def mappings_of_mappings(at: Path) -> None:
    """A look-up by a look-up by a look-up, each of them open."""
    names = [f"k{n}" for n in range(60)]
    key: Any = {"Ref": "P"}
    for _ in range(20):
        key = {"Fn::FindInMap": ["M", key, "next"]}
    template(
        at,
        {"B": resource("AWS::S3::Bucket", BucketName=key)},
        Parameters={"P": {"Type": "String", "AllowedValues": names}},
        Mappings={"M": {name: {"next": names[(n * 7 + 1) % 60]} for n, name in enumerate(names)}},
    )


@hostile
def conditions_many(at: Path) -> None:
    """300 conditions over 60 parameters, each of the last ones, and resources that hang on them."""
    parameters = {f"P{n}": {"Type": "String", "AllowedValues": ["a", "b", "c"]} for n in range(60)}
    conditions: dict[str, Any] = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "a"]} for n in range(60)}
    conditions |= {
        f"C{n}": {("Fn::And", "Fn::Or")[n % 2]: [{"Condition": f"C{n - k}"} for k in range(1, 11)]}
        for n in range(60, 300)
    }
    resources = {
        f"V{n}": {
            **resource(
                "AWS::EC2::Volume", Encrypted={"Fn::If": [f"C{n}", True, {"Fn::If": [f"C{n - 1}", False, True]}]}
            ),
            "Condition": f"C{n}",
        }
        for n in range(1, 300)
    }
    template(at, resources, Parameters=parameters, Conditions=conditions)


@hostile
def fifty_thousand_in_json(at: Path) -> None:
    """50,000 resources of five kinds in one template, in one line."""
    made: dict[str, Any] = {"N": resource("AWS::EC2::VPC")}
    for n in range(10_000):
        made[f"V{n}"] = resource("AWS::EC2::Volume", Encrypted=n % 2 == 0)
        made[f"B{n}"] = {"Type": "AWS::S3::Bucket"}
        made[f"Q{n}"] = {"Type": "AWS::SQS::Queue"}
        made[f"G{n}"] = resource("AWS::EC2::SecurityGroup", VpcId={"Ref": "N"})
        made[f"I{n}"] = resource("AWS::EC2::Instance", SecurityGroupIds=[{"Ref": f"G{n}"}])
    template(at, made)
