"""What a comment accepts, where it stands, and what is said about comments that do not help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall.cli import commands

VOLUME = """\
resource "aws_ebs_volume" "a" {
  encrypted = false
}
"""


def _run(here: Path, text: str, *arguments: str, name: str = "main.tf") -> tuple[list[str], list[str]]:
    """The resources with open and with accepted gaps of ENC101."""
    (here / name).write_text(text, encoding="utf-8")
    command = ["check", "--select", "ENC101", "-f", "json", "--show", "gap,suppressed", *arguments]
    found = json.loads(CliRunner().invoke(commands, command).stdout)["findings"]
    return (
        [it["resource"] for it in found if it["suppressed"] is None],
        [it["resource"] for it in found if it["suppressed"] is not None],
    )


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "# partywall: ignore[ENC101] a test disk\n" + VOLUME,
        "// partywall: ignore[ebs-volume-unencrypted] a test disk\n" + VOLUME,
        "# partywall: ignore[enc101, IAM001] a test disk\n# another comment\n\n" + VOLUME,
        VOLUME.replace("= false", "= false # partywall: ignore[ENC101] a test disk"),
        VOLUME.replace("  encrypted", "  # partywall: ignore[ENC101] a test disk\n  encrypted"),
        "# partywall: ignore-file[ENC101] a test module\n\nlocals {}\n" + VOLUME,
        "# checkov:skip=CKV_AWS_3:a test disk\n" + VOLUME,
        VOLUME.replace("  encrypted", "  #checkov:skip=CKV_AWS_3,CKV_AWS_1: a test disk\n  encrypted"),
        "#trivy:ignore:AVD-AWS-0026\n" + VOLUME,
        "#trivy:ignore:aws-0026:exp:2999-01-01\n" + VOLUME,
    ],
)
def test_accepted(text: str, here: Path) -> None:
    assert _run(here, text) == ([], ["aws_ebs_volume.a"])
    assert _run(here, text, "--no-ignores") == (["aws_ebs_volume.a"], [])


@pytest.mark.parametrize(
    "text",
    [
        "# partywall: ignore[ENC102] another rule\n" + VOLUME,
        "# partywall: ignore[] nothing\n" + VOLUME,
        "# partywall: ignore[ENC101] a test disk, until 2020-01-01\n" + VOLUME,
        VOLUME + "# partywall: ignore[ENC101] too late\n",
        "# partywall: ignore[ENC101] somebody else\nlocals {\n}\n" + VOLUME,
        "#trivy:ignore:aws-0026:exp:2020-01-01\n" + VOLUME,
        "#trivy:ignore:aws-0026:exp:2020-31-99\n" + VOLUME,
    ],
)
def test_not_accepted(text: str, here: Path) -> None:
    assert _run(here, text) == (["aws_ebs_volume.a"], [])


def test_the_last_day_counts(here: Path) -> None:
    assert _run(here, "# partywall: ignore[ENC101] a test disk, until 2999-12-31\n" + VOLUME)[0] == []


def test_above_a_module_call_it_covers_what_the_module_makes(here: Path) -> None:
    for name in ("inner", "outer"):
        (here / name).mkdir()
    (here / "inner" / "main.tf").write_text(VOLUME, encoding="utf-8")
    (here / "outer" / "main.tf").write_text('module "i" {\n  source = "../inner"\n}\n', encoding="utf-8")
    call = 'module "{0}" {{\n  source   = "./outer"\n  for_each = toset(["x", "y"])\n}}\n'
    text = "# partywall: ignore[ENC101] third-party module\n" + call.format("a") + call.format("b")
    opened, accepted = _run(here, text)
    assert accepted == ['module.a["x"].module.i.aws_ebs_volume.a', 'module.a["y"].module.i.aws_ebs_volume.a']
    assert opened == ['module.b["x"].module.i.aws_ebs_volume.a', 'module.b["y"].module.i.aws_ebs_volume.a']


def test_at_the_line_that_a_value_came_from(here: Path) -> None:
    text = 'variable "e" {\n  default = false # partywall: ignore[ENC101] until the move\n}\n'
    assert _run(here, text + VOLUME.replace("false", "var.e")) == ([], ["aws_ebs_volume.a"])


def test_one_instance_and_paths_in_the_configuration(here: Path) -> None:
    text = VOLUME.replace("  encrypted", '  for_each  = toset(["a", "b"])\n  encrypted')
    ignore = '[[ignore]]\nrule = "ENC101"\nreason = "a test disk"\n'
    (here / "partywall.toml").write_text(ignore + "resources = ['aws_ebs_volume.a[\"a\"]']\n", encoding="utf-8")
    assert _run(here, text) == (['aws_ebs_volume.a["b"]'], ['aws_ebs_volume.a["a"]'])
    (here / "partywall.toml").write_text(ignore + 'paths = ["*.tf"]\n', encoding="utf-8")
    assert _run(here, text)[0] == []
    (here / "partywall.toml").write_text(ignore + 'paths = ["old/*"]\n', encoding="utf-8")
    assert _run(here, text)[1] == []


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("# partywall: ignore[ENC101] a test disk, until 2020-01-01\n", "this ignore ended on 2020-01-01"),
        ("# partywall: ignore[ENC101]\n", "this ignore gives no reason"),
        ("# partywall: ignore[ENC999] a test disk\n", "no rule is called 'ENC999'"),
        ("# partywall: ignore[] a test disk\n", "names no rule"),
        ("# partywall: ignore[ENC101] a test disk\nlocals {}\n", "accepts nothing"),
    ],
)
def test_marks_that_do_not_help_are_noted(mark: str, said: str, here: Path) -> None:
    (here / "main.tf").write_text(mark + VOLUME, encoding="utf-8")
    result = CliRunner().invoke(commands, ["check", "--select", "ENC101", "-v"])
    assert said in result.stderr
    assert "main.tf:1:1" in result.stderr


TEMPLATE = """\
Metadata:
  {top}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Metadata:
      {beside}
    Properties: {{Encrypted: false}}
"""


@pytest.mark.parametrize(
    "mark",
    [
        "partywall: {ignore: [{rule: ENC101, reason: a test disk}]}",
        "partywall: {ignore: [{rule: ebs-volume-unencrypted, reason: a test disk, until: 2999-01-01}]}",
        "checkov: {skip: [{id: CKV_AWS_3, comment: a test disk}]}",
        "cfn_nag: {rules_to_suppress: [{id: F1, reason: a test disk}]}",
        "cdk_nag: {rules_to_suppress: [{id: EC2EBSVolumeEncrypted, reason: a test disk}]}",
        "guard: {SuppressedRules: [ENCRYPTED_VOLUMES]}",
        "cfn-lint: {config: {ignore_checks: [WENC101]}}",
    ],
)
def test_metadata_beside_a_resource_and_for_a_template(mark: str, here: Path) -> None:
    for text in (TEMPLATE.format(top="a: b", beside=mark), TEMPLATE.format(top=mark, beside="a: b")):
        assert _run(here, text, name="t.yaml") == ([], ["Disk"])


def test_metadata_that_has_ended(here: Path) -> None:
    mark = "partywall: {ignore: [{rule: ENC101, reason: a test disk, until: 2020-01-01}]}"
    assert _run(here, TEMPLATE.format(top="a: b", beside=mark), name="t.yaml") == (["Disk"], [])


def test_a_mark_in_metadata_is_about_its_resource_even_where_all_stands_in_one_line(here: Path) -> None:
    marked = {"Type": "AWS::EC2::Volume", "Metadata": {"partywall": {"ignore": [{"rule": "ENC101", "reason": "x"}]}}}
    text = json.dumps({"Resources": {"A": marked, "B": {"Type": "AWS::EC2::Volume"}}})
    assert _run(here, text, name="a.json") == (["B"], ["A"])
