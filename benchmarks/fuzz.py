"""Coverage-guided input for one part of the project: a long test, by hand.

    python benchmarks/fuzz.py {cloudformation,terraform,policy,network} [CORPUS] [-max_total_time=SECONDS ...]

With atheris, which is no dependency. The front ends get bytes, of which the first says how the file begins; what
lies behind them gets what the properties of `tests/hostile` make of bytes. Nothing may be raised, no problem of kind
`internal` may come of it, and nothing may take ten seconds of a processor. What comes after the target is libFuzzer's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import atheris

MAX_SECONDS = 10

HEADS = (
    b"",
    b"Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: ",
    b"Transform: AWS::Serverless-2016-10-31\n"
    b"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      ",
    b'{"Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "a"]}},'
    b' "Resources": {"V": {"Type": "AWS::EC2::Volume", "Properties": ',
)
NAMES = ("main.tf", "main.tf.json", "terraform.tfvars")
REST = 'variable "a" {}\nlocals {\n  b = var.a\n}\nresource "aws_ebs_volume" "v" {\n  size = local.b\n}\n'

Target = Callable[[bytes], object]


def cloudformation() -> Target:
    """YAML and JSON, intrinsic functions, SAM."""
    from partywall import cloudformation, source

    path = str(Path(tempfile.mkdtemp(prefix="fuzz-")) / "a.yaml")

    def one(data: bytes) -> None:
        with source.unsaved(path, HEADS[data[0] % len(HEADS)] + data[1:] if data else b""):
            cloudformation.is_template(path)
            made = cloudformation.load(path, parameters={"P": "b"})
        assert made is None or all(it.kind != "internal" for it in made.problems)

    return one


def terraform() -> Target:
    """Both syntaxes, values of variables, and the evaluator."""
    from partywall import source, terraform

    directory = Path(tempfile.mkdtemp(prefix="fuzz-"))
    (directory / "rest.tf").write_text(REST, encoding="utf-8")

    def one(data: bytes) -> None:
        name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
        with source.unsaved(str(directory / name), data[1:]):
            made = terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
        assert all(it.kind != "internal" for it in made.problems)

    return one


def _property(name: str) -> Callable[[], Target]:
    """A property of the tests, which hypothesis feeds from bytes."""

    def prepared() -> Target:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        from tests.hostile import test_anything

        target: Target = getattr(test_anything, name).hypothesis.fuzz_one_input
        return target

    return prepared


BEHIND = ["partywall.reason", "partywall.aws", "partywall.rules", "partywall.graph", "partywall.engine"]
TARGETS: dict[str, tuple[list[str], Callable[[], Target]]] = {
    "cloudformation": (["partywall.cloudformation", "partywall.text"], cloudformation),
    "terraform": (["partywall.terraform", "partywall.text"], terraform),
    "policy": (BEHIND, _property("test_policies")),
    "network": (BEHIND, _property("test_networks_and_questions")),
}


def main(arguments: list[str]) -> None:
    """Fuzz the target that is named, until libFuzzer's limit or somebody stops it."""
    if len(arguments) < 2 or arguments[1] not in TARGETS:
        sys.exit((__doc__ or "").strip())
    parts, prepared = TARGETS[arguments.pop(1)]
    with atheris.instrument_imports(include=parts):
        target = prepared()

    def one(data: bytes) -> None:
        start = time.process_time()
        target(data)
        assert time.process_time() - start < MAX_SECONDS

    atheris.Setup(arguments, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
