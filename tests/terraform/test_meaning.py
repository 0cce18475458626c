"""What other tools get wrong, each construct twice: with the gap, and with the secure counterpart where silence is due.

A test that only looks for an alert flatters a tool that cannot evaluate. The two differ in what stands for `SLOT`.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from partywall import catalog
from partywall.engine import judge
from tests.terraform.written import deployment

TODAY = datetime.date(2026, 11, 1)

WORLD, OFFICE = "0.0.0.0/0", "198.51.100.0/24"

SSH = frozenset(
    {
        "security-group-admin-port-open-to-world",
        "security-group-all-ports-open-to-world",
        "security-group-world-open-by-split-ranges",
        "security-group-world-open-through-prefix-list",
    }
)
DISK = frozenset({"ebs-volume-unencrypted"})
BUCKET = frozenset({"s3-bucket-policy-public"})

_GROUP = """
resource "aws_security_group" "g" {
  vpc_id = "vpc-1"
  %s
}
"""


def _ingress(source: str, port: object = 22, protocol: str = '"tcp"') -> str:
    return f"""ingress {{
    protocol  = {protocol}
    from_port = {port}
    to_port   = {port}
    {source}
  }}"""


def _group(cidrs: str) -> str:
    return _GROUP % _ingress(f"cidr_blocks = {cidrs}")


def _volume(encrypted: str) -> str:
    return f'resource "aws_ebs_volume" "v" {{\n  availability_zone = "a"\n  encrypted = {encrypted}\n}}\n'


class Case(NamedTuple):
    """Some files, the rules that look at them, and what makes the gap or closes it."""

    files: dict[str, str]
    rules: frozenset[str]
    gap: str
    secure: str


def _ssh(files: dict[str, str] | str, gap: str = WORLD, secure: str = OFFICE) -> Case:
    return Case(files if isinstance(files, dict) else {"main.tf": files}, SSH, gap, secure)


def _disk(files: dict[str, str] | str) -> Case:
    return Case(files if isinstance(files, dict) else {"main.tf": files}, DISK, "false", "true")


_STRICT = 'variable "e" {\n  default = SLOT\n  nullable = false\n}\n'
_OPTIONAL = """
variable "disk" {
  type    = object({ size = number, encrypted = optional(bool, SLOT) })
  default = { size = 1 }
}
"""
_DYNAMIC = _GROUP % (
    'dynamic "ingress" {\n  for_each = [{ port = SLOT }]\n  content {'
    + _ingress('cidr_blocks = ["0.0.0.0/0"]', "ingress.value.port").removeprefix("ingress {")
    + "\n}"
)
_PREFIXES = (
    _GROUP % _ingress("prefix_list_ids = [aws_ec2_managed_prefix_list.l.id]")
    + """
resource "aws_ec2_managed_prefix_list" "l" {
  name           = "l"
  address_family = "IPv4"
  max_entries    = 1
  entry { cidr = "SLOT" }
}
"""
)
_JSON = """{"resource": {"aws_security_group": {"g": {"vpc_id": "v", "ingress": [
  {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["SLOT"]}
]}}}}"""
_STATEMENT = """
statement {
    sid       = "Main"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "AWS"
      identifiers = ["%s"]
    }
  }
"""
_POLICY = f"""
data "aws_iam_policy_document" "open" {{
  {_STATEMENT % "*"}
}}
data "aws_iam_policy_document" "narrow" {{
  {_STATEMENT % "arn:aws:iam::111122223333:root"}
}}
data "aws_iam_policy_document" "all" {{
  source_policy_documents   = [data.aws_iam_policy_document.open.json]
  override_policy_documents = [SLOT]
}}
resource "aws_s3_bucket" "b" {{}}
resource "aws_s3_bucket_policy" "p" {{
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.all.json
}}
"""

CASES = {
    # Variables.
    "values in terraform.tfvars": _ssh(
        {"main.tf": 'variable "c" { default = [] }\n' + _group("var.c"), "terraform.tfvars": 'c = ["SLOT"]\n'}
    ),
    "values in an auto file": _disk(
        {"main.tf": 'variable "e" { default = null }\n' + _volume("var.e"), "x.auto.tfvars": "e = SLOT\n"}
    ),
    "null for a variable that may not be null": _disk(
        {"main.tf": _STRICT + _volume("var.e"), "terraform.tfvars": "e = null\n"}
    ),
    "defaults of optional attributes": _disk(_OPTIONAL + _volume("var.disk.encrypted")),
    "what try falls back to": _disk('variable "v" { default = {} }\n' + _volume("try(var.v.encrypted, SLOT)")),
    # Expansion.
    "an empty for_each": _ssh(
        _group('["0.0.0.0/0"]').replace("vpc_id", "for_each = SLOT\n  vpc_id"), 'toset(["a"])', "{}"
    ),
    "a splat on null": _ssh('variable "c" { default = SLOT }\n' + _group("var.c[*]"), '"0.0.0.0/0"', "null"),
    "a module with count": _ssh(
        {"main.tf": 'module "m" {\n  source = "./m"\n  count = SLOT\n}\n', "m/main.tf": _group('["0.0.0.0/0"]')},
        "1", "0",
    ),
    # Expressions.
    "for over objects": _ssh(_group('[for o in [{ c = "0.0.0.0/0", on = SLOT }] : o.c if o.on]'), "true", "false"),
    "a splat over objects": _ssh('locals {\n  o = [{ c = "SLOT" }]\n}\n' + _group("local.o[*].c")),
    "nested functions": _ssh(_group('split(",", join(",", compact(["", "SLOT"])))')),
    "setproduct": _ssh(_group('[for p in setproduct([22], ["SLOT"]) : p[1]]')),
    "template directives": _ssh(
        _group('["%{ if SLOT }0.0.0.0/0%{ else }198.51.100.0/24%{ endif }"]'), "true", "false"
    ),
    "dynamic blocks over objects": _ssh(_DYNAMIC, "22", "443"),
    "outputs through two modules": _ssh(
        {
            "main.tf": 'module "a" { source = "./a" }\n' + _group("module.a.c"),
            "a/main.tf": 'module "b" { source = "../b" }\noutput "c" { value = module.b.c }\n',
            "b/main.tf": 'output "c" { value = ["SLOT"] }\n',
        }
    ),
    # Files.
    "a file": _ssh({"main.tf": _group('[trimspace(file("c.txt"))]'), "c.txt": "SLOT\n"}),
    "yaml in a file": _ssh(
        {"main.tf": _group('yamldecode(file("${path.module}/c.yaml")).cidrs'), "c.yaml": "cidrs: [SLOT]\n"}
    ),
    "a template file": _ssh(
        {"main.tf": _group('jsondecode(templatefile("c.tftpl", { c = "SLOT" }))'), "c.tftpl": '["${c}"]'}
    ),
    "the names of files": _ssh(
        {"main.tf": _group('[for f in fileset(".", "c/*.txt") : trimspace(file(f))]'), "c/a.txt": "SLOT\n"}
    ),
    # Override files and other syntaxes.
    "an override file": _disk(
        {"main.tf": _volume("null"), "override.tf": 'resource "aws_ebs_volume" "v" {\n  encrypted = SLOT\n}\n'}
    ),
    "an override file that takes blocks away": _ssh(
        {"main.tf": _group('["0.0.0.0/0"]'), "a_override.tf": _group('["SLOT"]')}
    ),
    "a group in JSON": _ssh({"main.tf.json": _JSON}),
    "a file of OpenTofu": _disk({"main.tofu": _volume("SLOT"), "main.tf": _volume("null")}),
    # Policies.
    "a statement that an override document replaces": Case(
        {"main.tf": _POLICY}, BUCKET, "", "data.aws_iam_policy_document.narrow.json"
    ),
    # Meaning.
    "every IPv6 address, spelled another way": _ssh(
        _GROUP % _ingress('ipv6_cidr_blocks = ["SLOT"]'), "0::0/0", "2001:db8::/64"
    ),
    "two halves of the internet": _ssh(
        _group("[SLOT]"), '"0.0.0.0/1", "128.0.0.0/1"', '"10.0.0.0/9", "10.128.0.0/9"'
    ),
    "a prefix list that holds everything": _ssh(_PREFIXES),
    "blocks written as a list of objects": _ssh(
        _GROUP % 'ingress = [{ protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = ["SLOT"] }]'
    ),
    "a numeric protocol": _ssh(_GROUP % _ingress('cidr_blocks = ["SLOT"]', 0, "-1")),
}  # fmt: skip


def _verdicts(directory: Path, files: dict[str, str], names: frozenset[str]) -> dict[str, str]:
    rules = [one for one in catalog.rules() if one.name in names]
    assert len(rules) == len(names)
    found = deployment(directory, files)
    assert not found.problems
    judgement = judge(found, rules, TODAY)
    assert not judgement.problems
    return {f"{finding.rule.name} {finding.resource}": finding.verdict for finding in judgement.findings}


def _filled(case: Case, slot: str) -> dict[str, str]:
    return {name: text.replace("SLOT", slot) for name, text in case.files.items()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_gap_is_found(case: Case, tmp_path: Path) -> None:
    assert "gap" in _verdicts(tmp_path, _filled(case, case.gap), case.rules).values()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_its_secure_counterpart_is_met(case: Case, tmp_path: Path) -> None:
    found = _verdicts(tmp_path, _filled(case, case.secure), case.rules)
    assert not {name: verdict for name, verdict in found.items() if verdict != "met"}


def test_the_verdict_is_on_the_instance_that_has_the_gap(tmp_path: Path) -> None:
    text = _volume("count.index != 1").replace("{\n", "{\n  count = 3\n", 1)
    assert _verdicts(tmp_path, {"main.tf": text}, DISK) == {
        "ebs-volume-unencrypted aws_ebs_volume.v[0]": "met",
        "ebs-volume-unencrypted aws_ebs_volume.v[1]": "gap",
        "ebs-volume-unencrypted aws_ebs_volume.v[2]": "met",
    }


def test_a_variable_without_value_is_unknown(tmp_path: Path) -> None:
    files = {"main.tf": f'variable "e" {{\n  type = bool\n}}\n{_volume("var.e")}'}
    assert set(_verdicts(tmp_path, files, DISK).values()) == {"unknown"}
