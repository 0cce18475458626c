"""Every file that is given is linted, or named as not linted with the reason; nothing outside the project is read."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partywall import source
from partywall.terraform import json_syntax, lexer
from tests.cli.conftest import Run, here, run

__all__ = ["here", "run"]

VOLUME = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size = 1\n}\n'
TEMPLATE = "Resources:\n  V: {Type: AWS::EC2::Volume, Properties: {Size: 1}}\n"


def problems(run: Run, *arguments: str) -> list[tuple[str, str, str]]:
    """What was not linted, with the kind and the reason."""
    result = run("check", "--select", "ENC101", "-f", "json", *arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    found: dict[str, Any] = json.loads(result.stdout)
    return [(it["path"], it["kind"], it["message"]) for it in found["problems"]]


def files(run: Run, *arguments: str) -> list[str]:
    return run("check", "--show-files", *arguments).stdout.splitlines()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def nowhere(path: Path) -> None:
    path.symlink_to("absent")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def outside(path: Path) -> None:
    secret = path.parent.parent / "outside"
    secret.write_text(TEMPLATE if path.suffix == ".yaml" else VOLUME, encoding="utf-8")
    path.symlink_to(secret)


PIPE = "is a pipe, a device or a socket, and is not read"
OUTSIDE = "lies outside the project and is not read"
ODD: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (pipe, PIPE),
    "socket": (listener, "cannot be read: no such device or address"),
    "device": (device, OUTSIDE),
    "nowhere": (nowhere, "cannot be read: no such file"),
    "loop": (loop, "cannot be read: too many levels of symbolic links"),
    "outside": (outside, OUTSIDE),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("file", ["x.tf", "x.yaml", "terraform.tfvars", "x.json"])
def test_what_is_no_file_of_the_project(name: str, file: str, here: Path, run: Run) -> None:
    (here / "main.tf").write_text(VOLUME, encoding="utf-8")
    make, reason = ODD[name]
    make(here / file)
    found = problems(run, ".")
    assert [(path, message) for path, _, message in found] == [(file, reason)]
    assert files(run, ".") == ["main.tf"]


def test_a_directory_named_like_a_file(here: Path, run: Run) -> None:
    for name in ("x.tf", "y.yaml", "z.tfvars"):
        (here / name).mkdir()
    (here / "x.tf" / "main.tf").write_text(VOLUME, encoding="utf-8")
    assert problems(run, ".") == []
    assert files(run, ".") == ["x.tf/main.tf"]


def test_links_inside_the_project_are_followed_to_files(here: Path, run: Run) -> None:
    (here / "shared").mkdir()
    (here / "shared" / "v.txt").write_text(VOLUME, encoding="utf-8")
    (here / "main.tf").symlink_to("shared/v.txt")
    (here / "again").symlink_to(".")
    assert problems(run, ".") == []
    assert files(run, ".") == ["main.tf"]


def test_a_link_that_a_person_names_is_read(here: Path, run: Run) -> None:
    (here / "inner").mkdir()
    outside(here / "x.yaml")
    assert files(run, "x.yaml") == ["x.yaml"]


@pytest.mark.parametrize("name", ["caf\udce9.yaml", "a\nb.yaml", "caf\udce9.tf", "a\x1b[31mb.tf", " .yaml"])
def test_odd_names(name: str, here: Path, run: Run) -> None:
    """Names that are no UTF-8, hold line ends or control characters: read like others, in every format."""
    text = VOLUME if name.endswith("tf") else TEMPLATE
    try:
        (here / name).write_text(text, encoding="utf-8")
    except OSError:
        pytest.skip("the file system has no such names")
    assert problems(run, ".") == []
    for form in ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"):
        result = run("check", ".", "--select", "ENC101", "-f", f"{form}=report")
        assert result.exit_code == 1, result.output
        assert (here / "report").read_text(encoding="utf-8")
        (here / "report").unlink()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", None),
        (b"# nothing\n/* more */\n", None),
        (b"\xef\xbb\xbf", None),
        (VOLUME.encode("utf-16"), "is not UTF-8 text (byte 0)"),
        ("# é\n".encode("latin-1"), "is not UTF-8 text (byte 2)"),
        (b"# " + b"x" * source.MAX_BYTES, "is larger than 8 MiB"),
    ],
)
def test_contents_of_configuration(content: bytes, message: str | None, here: Path, run: Run) -> None:
    (here / "main.tf").write_bytes(content)
    assert problems(run, ".") == ([] if message is None else [("main.tf", "error", message)])


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TEMPLATE.encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (TEMPLATE.encode() + "# é\n".encode("latin-1"), "is not UTF-8 text (byte 66)"),
        (TEMPLATE.encode() + b"#" * source.MAX_BYTES, "is larger than 4 MiB"),
        (TEMPLATE.encode() + b"---\n" + TEMPLATE.encode(), "the file holds several YAML documents"),
    ],
)
def test_contents_of_templates(*, content: bytes, message: str, named: bool, here: Path, run: Run) -> None:
    (here / "a.yaml").write_bytes(content)
    assert problems(run, "a.yaml" if named else ".") == [("a.yaml", "error", message)]


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"a: 1\n", b"\0\0", b"- [\n"])
def test_what_is_no_template_is_said_when_named(content: bytes, here: Path, run: Run) -> None:
    (here / "a.yaml").write_bytes(content)
    reason = "is neither Terraform configuration, nor a plan as JSON, nor a CloudFormation template"
    assert problems(run, "a.yaml") == [("a.yaml", "error", reason)]
    assert problems(run, ".") == []


@pytest.mark.parametrize("name", ["a.tftest.hcl", "a.tofutest.json", "a.tfmock.hcl"])
def test_tests_of_terraform_are_passed_over_with_a_word(name: str, here: Path, run: Run) -> None:
    (here / name).write_text('run "a" {\n}\n', encoding="utf-8")
    assert problems(run, name) == [(name, "note", "holds tests of Terraform, which deploy nothing that stays")]
    assert problems(run, ".") == []


@pytest.mark.parametrize("name", [".hidden.tf", "main.tf", "prod.tfvars", "main.tf~", "#main.tf#"])
def test_a_named_file_that_has_no_part_is_said(name: str, here: Path, run: Run) -> None:
    (here / "main.tofu").write_text(VOLUME, encoding="utf-8")
    (here / name).write_text(VOLUME if "vars" not in name else "a = 1\n", encoding="utf-8")
    ((path, _, message),) = problems(run, name)
    assert path == name
    assert message.startswith(("was not read", "is neither"))


def test_a_file_that_vanishes(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.tf"):
        (here / name).write_text("", encoding="utf-8")
    seen = list(source.tree(".", frozenset({".git"})))
    for name in ("a.yaml", "b.tf"):
        (here / name).unlink()
    monkeypatch.setattr(source, "tree", lambda *_: iter(seen))
    monkeypatch.setattr(source, "listing", lambda _: ["a.yaml", "b.tf"])
    gone = "cannot be read: no such file"
    assert problems(run, ".") == [("a.yaml", "error", gone), ("b.tf", "error", gone)]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no permissions of this kind here")
def test_what_may_not_be_read(here: Path, run: Run) -> None:
    if os.geteuid() == 0:
        here.chmod(0o755)
        for above in (here.parent, here.parent.parent, here.parent.parent.parent):
            above.chmod(above.stat().st_mode | 0o011)
    (here / "closed").mkdir()
    (here / "closed" / "main.tf").write_text(VOLUME, encoding="utf-8")
    for name in ("a.yaml", "main.tf", "terraform.tfvars"):
        (here / name).write_text(TEMPLATE, encoding="utf-8")
        (here / name).chmod(0)
    problems(run, ".", "--no-cache")  # Modules are imported while they may be read.
    (here / "closed").chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        found = problems(run, ".", "--no-cache")
    finally:
        if root:
            os.seteuid(0)
        (here / "closed").chmod(0o700)
    denied = "permission denied"
    assert found == [
        ("a.yaml", "error", f"cannot be read: {denied}"),
        ("closed", "error", f"the directory cannot be listed: {denied}"),
        ("main.tf", "error", f"cannot be read: {denied}"),
        ("terraform.tfvars", "error", f"cannot be read: {denied}"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# partywall: ignore[ENC101]\n" * 100_000, "the file has more than 2000 marks that accept gaps"),
        ("x = { # partywall: ignore[ENC101]\n" * 50_000, "the file has more than 2000 marks that accept gaps"),
        (
            'module "m" {\n  source = "./m"\n}\nmodule "n" {\n  source = "./m"\n}\n',
            "the deployment calls more than 5000",
        ),
    ],
)
def test_what_would_take_long_is_cut_short(text: str, message: str, here: Path, run: Run) -> None:
    (here / "main.tf").write_text(text, encoding="utf-8")
    deeper = here
    for _ in range(20 if "module" in text else 0):
        deeper /= "m"
        deeper.mkdir()
        (deeper / "main.tf").write_text(text, encoding="utf-8")
    began = time.process_time()
    found = problems(run, ".", "--no-cache", "--jobs", "1")
    assert time.process_time() - began < 10
    assert any(message in it for _, _, it in found)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "main.tf",
            "a = [" + "1, " * 60 + "]\n" + VOLUME,
            "more than 100 words and marks at once; this block is not read",
        ),
        ("main.tf.json", '{"locals": {"a": [' + "1, " * 101 + "1]}}", "more than 100 parts, and is not read"),
    ],
)
def test_no_file_takes_all_memory(
    name: str, text: str, message: str, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexer, "MAX_TOKENS", 100)
    monkeypatch.setattr(json_syntax, "MAX_PARTS", 100)
    (here / name).write_text(text, encoding="utf-8")
    ((path, kind, said),) = problems(run, ".", "--no-cache")
    assert (path, kind) == (name, "error")
    assert message in said
    report = json.loads(run("check", "--select", "ENC101", "-f", "json", ".", "--no-cache").stdout)
    assert [it["resource"] for it in report["findings"]] == (["aws_ebs_volume.v"] if VOLUME in text else [])


@pytest.mark.parametrize("between", [" " * 5000, "/* */" * 1000, "\t /* * */\r" * 500])
def test_what_lies_before_an_unexpected_character_is_read_once(between: str) -> None:
    """It would never end, if every way of parting the spaces and comments was tried."""
    found = lexer.tokens(f"a = {between}\u00a7")
    assert found.kinds[-1] == "error"


def test_groups_that_are_named_by_maps(here: Path, run: Run) -> None:
    properties = {"GroupId": {"A": 1}, "SourceSecurityGroupId": {"B": 1}, "IpProtocol": "-1"}
    rule = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": properties}
    (here / "a.json").write_text(json.dumps({"Resources": {"R": rule}}), encoding="utf-8")
    assert json.loads(run("check", "-f", "json", ".", "--no-cache").stdout)["problems"] == []


def test_a_snapshot_that_names_no_database(here: Path, run: Run) -> None:
    text = 'resource "aws_db_snapshot" "s" {}\nresource "aws_db_instance" "d" {\n'
    (here / "main.tf").write_text(text + "  snapshot_identifier = aws_db_snapshot.s.id\n}\n", encoding="utf-8")
    result = run("check", "--select", "ENC201", "-f", "json", "--show", "unknown", ".", "--no-cache")
    found = json.loads(result.stdout)
    assert found["problems"] == []
    assert [it["verdict"] for it in found["findings"]] == ["unknown"]


@pytest.mark.parametrize("color", ["always", "never"])
def test_nothing_of_others_commands_a_terminal(color: str, here: Path, run: Run) -> None:
    text = VOLUME.replace('"v"', '"v" /* \x1b[2J\x1b]0;title\x07\x9b2J\r */')
    (here / "a\x1b[1Jb.tf").write_text(text, encoding="utf-8")
    said = run("check", "--select", "ENC101", "--color", color, ".").stdout
    assert "\ufffd[2J" in said
    assert not any(mark in said for mark in ("\x1b[2J", "\x1b[1J", "\x1b]", "\x07", "\x9b", "\r"))
    assert ("\x1b[" in said) is (color == "always")
