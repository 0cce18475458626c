"""Every resource type belongs to a service, by the longest prefix, in both dialects."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import cfnlint.data.schemas
import pytest

from partywall import catalog
from partywall.aws.services import classify, services
from partywall.rule import DUTIES, MODELS, Rule

ROOT = Path(__file__).parent.parent
BY_CATALOGUE = {"IAM334", "IAM336"}
"""Rules about every kind of policy, which the catalogue gives to a service of another model than its classes have."""
INPUTS = ("parameter", "variable")
"""Pieces of a template that are no resources of a service."""
PROVIDER = ROOT.parent / "shared" / "schema" / "terraform-aws-5.json.gz"


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("aws_instance", "ec2"),
        ("data.aws_ami", "ec2"),
        ("AWS::EC2::Instance", "ec2"),
        ("AWS::EC2::Volume", "ebs"),
        ("AWS::EC2::VPC", "vpc"),
        ("AWS::EC2::VPCEndpoint", "vpc"),
        ("AWS::EC2::RouteTable", "vpc"),
        ("AWS::EC2::VPNGateway", "vpn"),
        ("AWS::EC2::TransitGatewayRoute", "transit-gateway"),
        ("aws_ec2_transit_gateway_route", "transit-gateway"),
        ("aws_ec2_fleet", "ec2"),
        ("aws_route", "vpc"),
        ("aws_route_table", "vpc"),
        ("aws_route53_zone", "route53"),
        ("data.aws_vpcs", "vpc"),
        ("aws_lb_listener", "elb"),
        ("data.aws_lbs", "elb"),
        ("AWS::ElasticLoadBalancingV2::Listener", "elb"),
        ("aws_ssm_document", "ssm"),
        ("aws_ssm_parameter", "parameter-store"),
        ("AWS::SSM::Parameter", "parameter-store"),
        ("AWS::SSM::Document", "ssm"),
        ("aws_ebs_volume", "ebs"),
        ("aws_ebs_encryption_by_default", "control-plane-settings"),
        ("aws_s3_bucket_policy", "s3"),
        ("aws_s3_account_public_access_block", "control-plane-settings"),
        ("aws_cloudwatch_event_rule", "eventbridge"),
        ("AWS::Timestream::InfluxDBInstance", "timestream-influxdb"),
        ("AWS::Timestream::Table", "timestream"),
        ("provider.aws", "terraform-itself"),
    ],
)
def test_a_type_belongs_to_the_service_of_its_longest_prefix(kind: str, service: str) -> None:
    found = classify(kind)
    assert found is not None
    assert found.name == service


@pytest.mark.parametrize(
    "kind", ["random_id", "Custom::Thing", "aws_route53profiles_profile", "variable", "AWS::EC2", ""]
)
def test_a_type_of_no_listed_service_is_none(kind: str) -> None:
    assert classify(kind) is None


def test_the_table_is_sound() -> None:
    assert len({it.name for it in services()}) == len(services())
    prefixes = Counter(prefix for it in services() for prefix in it.cloudformation + it.terraform)
    assert [prefix for prefix, count in prefixes.items() if count > 1] == []
    for it in services():
        assert it.model in MODELS.values()
        assert set(it.duties) <= set(DUTIES)
        assert it.cloudformation or it.terraform


@pytest.mark.parametrize("rule", [it for it in catalog.rules() if it.id not in BY_CATALOGUE], ids=lambda rule: rule.id)
def test_a_rule_carries_the_model_of_its_service(rule: Rule) -> None:
    models = {it.name: it.model for it in services()}
    assert rule.model == models[rule.service]


@pytest.mark.parametrize("rule", catalog.rules(), ids=lambda rule: rule.id)
def test_the_subjects_of_a_rule_are_classified(rule: Rule) -> None:
    for kind in rule.subject.cloudformation + rule.subject.terraform:
        assert kind in INPUTS or classify(kind) is not None, kind


def test_most_types_of_cloudformation_are_classified() -> None:
    (folder,) = cfnlint.data.schemas.__path__
    listed = json.loads((Path(folder) / "providers" / "us-east-1.json").read_text(encoding="utf-8"))
    assert sum(classify(kind) is not None for kind in listed) > 1100


@pytest.mark.skipif(not PROVIDER.exists(), reason="the provider's schema is not beside this checkout")
def test_most_types_of_terraform_are_classified() -> None:
    listed = json.loads(gzip.decompress(PROVIDER.read_bytes()))["resource"]
    assert sum(classify(kind) is not None for kind in listed) > 1200
