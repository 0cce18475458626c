"""Document and graph clusters that are made from something else."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog
from partywall.engine import judge
from tests.cloudformation.reading import load as load_template
from tests.terraform.written import deployment

TODAY = datetime.date(2026, 11, 1)
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ORIGIN = f'resource "aws_docdb_cluster" "origin" {{\n  storage_encrypted = true\n  kms_key_id = "{KEY}"\n}}\n'
PLAIN = 'resource "aws_docdb_cluster" "origin" {}\n'
GLOBAL = 'resource "aws_docdb_global_cluster" "copy" { source_db_cluster_identifier = aws_docdb_cluster.origin.arn }\n'
PAST = """\
resource "aws_docdb_cluster" "copy" {
  restore_to_point_in_time { source_cluster_identifier = aws_docdb_cluster.origin.cluster_identifier }
}
"""
CIRCLE = """\
resource "aws_docdb_cluster" "origin" {
  restore_to_point_in_time { source_cluster_identifier = aws_docdb_cluster.copy.cluster_identifier }
}
"""


@pytest.mark.parametrize("copy", [GLOBAL, PAST])
@pytest.mark.parametrize(("origin", "verdict"), [(ORIGIN, "met"), (PLAIN, "gap"), (CIRCLE, "unknown")])
def test_a_copy_is_encrypted_as_its_source_is(copy: str, origin: str, verdict: str, tmp_path: Path) -> None:
    rules = [it for it in catalog.rules() if it.id == "ENC207"]
    found = {it.resource: it.verdict for it in judge(deployment(tmp_path, origin + copy), rules, TODAY).findings}
    assert next(said for name, said in found.items() if name.endswith(".copy")) == verdict


@pytest.mark.parametrize("source", ["SnapshotIdentifier", "SourceDBClusterIdentifier"])
@pytest.mark.parametrize(("service", "rule"), [("DocDB", "ENC207"), ("Neptune", "ENC208")])
def test_a_source_elsewhere_is_not_known(source: str, service: str, rule: str, tmp_path: Path) -> None:
    text = f"Resources:\n  Copy:\n    Type: AWS::{service}::DBCluster\n    Properties: {{{source}: elsewhere}}\n"
    rules = [it for it in catalog.rules() if it.id == rule]
    found = judge(load_template(tmp_path, text), rules, TODAY).findings
    assert [it.verdict for it in found] == ["unknown"]
