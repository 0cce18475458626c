"""`partywall trace`: what people type, what they read, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partywall.cli import commands

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPEN = FIXTURES / "rules" / "network" / "instance" / "instance-reachable-from-internet-on-sensitive-port"
CONDITION = """\
Conditions:
  Open: !Equals [!Ref Mode, open]
Parameters:
  Mode:
    Type: String
    AllowedValues: [open, closed]
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SecurityGroupIds: [!Ref Group]
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: what may come in
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !If [Open, 0.0.0.0/0, 10.0.0.0/8]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text((OPEN / "gap.tf").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["trace", *arguments])


def test_yes_is_told_hop_by_hop(project: Path) -> None:
    result = _run("--from", "internet", "--to", "aws_instance.web", "--port", "22")
    assert result.exit_code == 0
    head, *hops, sources = result.output.splitlines()
    assert head == "internet -> aws_instance.web on tcp 22: yes"
    assert [hop.split(": ")[0] for hop in hops] == [
        "  - aws_instance.web", "  - the default network ACL of aws_vpc.main", "  - aws_security_group.web",
        "  - the default network ACL of aws_vpc.main", "  - aws_internet_gateway.main", "  - aws_route_table.public",
    ]  # fmt: skip
    line = next(at for at, it in enumerate((project / "main.tf").read_text().splitlines(), 1) if it.endswith("# gap"))
    assert hops[2] == f"  - aws_security_group.web: in: tcp 22 from 0.0.0.0/0  main.tf:{line}"
    assert sources == "  From: 0.0.0.0/0."


@pytest.mark.usefixtures("project")
def test_no_says_what_stops_it_and_what_would_have_to_change() -> None:
    result = _run("--from", "internet", "--to", "aws_instance.web", "--port", "80")
    assert result.exit_code == 0
    *_, stop, change = result.output.splitlines()
    assert stop.startswith("  x aws_security_group.web: in: no rule for tcp 80  main.tf:")
    assert change == "  To change that: a rule of aws_security_group.web that lets it in."


def test_undetermined_names_what_decides(project: Path) -> None:
    (project / "main.tf").write_text((OPEN / "unknown.tf").read_text(encoding="utf-8"), encoding="utf-8")
    result = _run("--from", "internet", "--to", "aws_instance.web", "--port", "22", "--format", "json")
    answer = json.loads(result.output)
    assert answer["verdict"] == "undetermined"
    assert answer["unknown"] == ["the range is unknown: variable clients has no default"]
    (open_,) = [hop for hop in answer["hops"] if "unknown" in hop]
    assert open_["at"] == "aws_security_group.web"
    settled = _run(
        "--from", "internet", "--to", "aws_instance.web", "--port", "22", "-f", "json", "--var", "clients=0.0.0.0/0"
    )
    assert json.loads(settled.output)["verdict"] == "yes"


@pytest.mark.usefixtures("project")
def test_json_is_one_object_of_the_contract() -> None:
    result = _run("--from", "internet", "--to", "aws_instance.web", "--port", "80", "-f", "json")
    answer = json.loads(result.output)
    assert list(answer) == [
        "deployment", "from", "to", "protocol", "port", "family", "verdict", "partial", "sources", "hops", "unknown",
    ]  # fmt: skip
    assert answer["verdict"] == "no"
    assert answer["hops"][-1]["stops"] is True
    assert answer["hops"][-1]["path"] == "main.tf"


@pytest.mark.usefixtures("project")
def test_mermaid_crosses_the_hop_that_stops_it() -> None:
    output = _run("--from", "internet", "--to", "aws_instance.web", "--port", "80", "-f", "mermaid").output
    assert output.startswith("flowchart LR\n")
    assert "-.-x" in output
    assert (
        "aws_instance.web"
        in _run("--from", "internet", "--to", "aws_instance.web", "--port", "22", "-f", "mermaid").output
    )


def test_conditions_are_answered_world_by_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_text(CONDITION, encoding="utf-8")
    answer = json.loads(_run("--from", "internet", "--to", "Web", "--port", "22", "-f", "json").output)
    assert answer["verdict"] == "undetermined"
    assert sorted(world["verdict"] for world in answer["worlds"]) == ["no", "yes"]
    assert all(world["when"] for world in answer["worlds"])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "internet", "--to", "aws_instance.wep", "--port", "22"), "did you mean aws_instance.web?"),
        (("--from", "internet", "--to", "aws_vpc.main", "--port", "22"), "has no interface in a network"),
        (("--from", "internet", "--to", "internet", "--port", "22"), "one side must be a declared workload"),
        (("--from", "internet", "--to", "aws_instance.web"), "--port is needed for tcp"),
        (("--from", "internet", "--to", "aws_instance.web", "--port", "22", "absent"), "does not exist"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    result = _run(*arguments)
    assert result.exit_code == 2
    assert said in result.output + result.stderr
