"""Data sources whose answer follows from the provider, and what stays known of unknown lists and paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from partywall.terraform import load
from partywall.value import Known, Setting, Unknown, plain

READS = """
data "aws_region" "here" {}
data "aws_partition" "here" {}
data "aws_caller_identity" "me" {}
output "facts" {
  value = [
    data.aws_region.here.name, data.aws_partition.here.partition, data.aws_partition.here.dns_suffix,
    data.aws_caller_identity.me.account_id,
  ]
}
"""
NOTHING = [None, None, None, None]


def outputs(directory: Path, text: str, **given: Any) -> dict[str, Setting]:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    deployment = load(str(directory), variables={}, variable_files=(), workspace=None, **given)
    assert not deployment.problems
    return {it.address: it.attributes["value"] for it in deployment.resources if it.type == "output"}


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("", NOTHING),
        ('provider "aws" {\n  region = "eu-west-1"\n}', ["eu-west-1", "aws", "amazonaws.com", None]),
        ('provider "aws" {\n  region = "cn-north-1"\n}', ["cn-north-1", "aws-cn", "amazonaws.com.cn", None]),
        ('provider "aws" {\n  region = "us-isob-east-1"\n}', ["us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov", None]),
        ('variable "r" {}\nprovider "aws" {\n  region = var.r\n}', NOTHING),
        ('provider "aws" {\n  allowed_account_ids = ["111122223333"]\n}', [None, None, None, "111122223333"]),
        ('provider "aws" {\n  allowed_account_ids = ["111122223333", "444455556666"]\n}', NOTHING),
        (
            'provider "aws" {\n  assume_role {\n    role_arn = "arn:aws:iam::444455556666:role/deploy"\n  }\n}',
            [None, None, None, "444455556666"],
        ),
        ('provider "aws" {\n  alias = "other"\n  region = "eu-west-1"\n}', NOTHING),
    ],
)
def test_region_partition_and_account_come_from_the_provider(
    provider: str, expected: list[str | None], tmp_path: Path
) -> None:
    assert plain(outputs(tmp_path, provider + READS)["output.facts"]) == expected


def test_region_and_account_given_for_the_run_count_where_the_provider_names_none(tmp_path: Path) -> None:
    given = {"region": "us-gov-west-1", "account": "111122223333"}
    found = outputs(tmp_path, READS, **given)["output.facts"]
    assert plain(found) == ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "111122223333"]
    found = outputs(tmp_path, 'provider "aws" {\n  region = "eu-west-1"\n}' + READS, **given)["output.facts"]
    assert plain(found) == ["eu-west-1", "aws", "amazonaws.com", "111122223333"]


def test_a_data_source_asks_the_provider_it_names(tmp_path: Path) -> None:
    text = 'provider "aws" {\n  region = "eu-west-1"\n}\nprovider "aws" {\n  alias = "far"\n  region = "us-east-1"\n}\n'
    text += (
        'data "aws_region" "far" {\n  provider = aws.far\n}\noutput "far" {\n  value = data.aws_region.far.name\n}\n'
    )
    assert plain(outputs(tmp_path, text)["output.far"]) == "us-east-1"


def test_an_override_file_reaches_the_provider_of_the_same_alias(tmp_path: Path) -> None:
    (tmp_path / "override.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n', encoding="utf-8")
    text = 'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n' + READS
    assert plain(outputs(tmp_path, text)["output.facts"]) == ["us-east-1", "aws", "amazonaws.com", "111122223333"]


def test_a_slice_of_an_unknown_list_has_as_many_elements_as_asked_for(tmp_path: Path) -> None:
    text = 'data "aws_availability_zones" "all" {}\n'
    text += "locals {\n  zones = slice(data.aws_availability_zones.all.names, 0, 3)\n}\n"
    text += 'output "subnets" {\n  value = [for at, zone in local.zones : cidrsubnet("10.0.0.0/16", 8, at)]\n}\n'
    text += 'output "zone" {\n  value = local.zones[2]\n}\n'
    found = outputs(tmp_path, text)
    assert plain(found["output.subnets"]) == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    assert isinstance(found["output.zone"], Unknown)
    assert "data.aws_availability_zones.all" in [it.address for it in found["output.zone"].references]


def test_the_name_of_the_directory_is_known_inside_the_project_only(tmp_path: Path) -> None:
    root = tmp_path / "stacks" / "shop"
    root.mkdir(parents=True)
    text = 'output "name" {\n  value = "ex-${basename(path.cwd)}"\n}\n'
    assert plain(outputs(root, text, project=str(tmp_path))["output.name"]) == "ex-shop"
    assert not isinstance(outputs(root, text, project=str(root))["output.name"], Known)


def test_the_end_of_a_partly_known_path_is_its_name(tmp_path: Path) -> None:
    text = 'variable "v" {}\n'
    text += 'output "name" {\n  value = [basename("${var.v}/a/b"), basename("a/${var.v}"), basename("${var.v}b")]\n}\n'
    assert plain(outputs(tmp_path, text)["output.name"]) == ["b", None, None]
