"""Buckets that are declared elsewhere: what declarations here say of them is judged, and nothing else."""

from __future__ import annotations

import datetime
from pathlib import Path

from partywall import catalog, terraform
from partywall.engine import judge

TODAY = datetime.date(2026, 11, 1)


def _gaps(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    deployment = terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)
    found = judge(deployment, catalog.rules(), TODAY).findings
    return [(it.rule.id, it.resource) for it in found if it.verdict == "gap"]


def test_only_what_is_said_is_judged(tmp_path: Path) -> None:
    text = """variable "bucket" {}
resource "aws_s3_bucket_acl" "a" {
  bucket = var.bucket
  acl    = "public-read"
}
"""
    assert _gaps(tmp_path, text) == [("IAM303", "aws_s3_bucket_acl.a")]


def test_one_variable_is_one_bucket(tmp_path: Path) -> None:
    text = """variable "bucket" {}
resource "aws_s3_bucket_acl" "a" {
  bucket = var.bucket
  acl    = "public-read"
}
resource "aws_s3_bucket_ownership_controls" "a" {
  bucket = var.bucket
  rule { object_ownership = "BucketOwnerEnforced" }
}
"""
    assert _gaps(tmp_path, text) == []
    assert _gaps(
        tmp_path,
        text.replace(
            'ownership_controls" "a" {\n  bucket = var.bucket', 'ownership_controls" "a" {\n  bucket = "other"'
        ),
    )


def test_what_is_said_of_an_undeclared_bucket_is_said_of_no_other(tmp_path: Path) -> None:
    text = """resource "aws_s3_bucket" "a" { bucket = "a" }
resource "aws_s3_bucket_acl" "b" {
  bucket = aws_s3_bucket.missing.id
  acl    = "public-read"
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.missing.id
  versioning_configuration { status = "Enabled" }
}
"""
    found = _gaps(tmp_path, text)
    assert [it for it in found if it[0] in ("IAM303", "DAT301")] == [
        ("DAT301", "aws_s3_bucket.a"),
        ("IAM303", "aws_s3_bucket_acl.b"),
    ]


def test_a_bucket_declared_here_is_judged_once(tmp_path: Path) -> None:
    text = """resource "aws_s3_bucket" "a" { bucket = "a" }
resource "aws_s3_bucket_acl" "a" {
  bucket = aws_s3_bucket.a.id
  acl    = "public-read"
}
"""
    assert [it for it in _gaps(tmp_path, text) if it[0] == "IAM303"] == [("IAM303", "aws_s3_bucket.a")]
