"""Coverage-guided input for the CloudFormation front end: YAML and JSON, intrinsic functions, SAM.

With atheris, which is no dependency: python benchmarks/fuzz_cloudformation.py [CORPUS] [-max_total_time=SECONDS ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["partywall.cloudformation", "partywall.text"]):
    from partywall import cloudformation, source

HEADS = (
    b"",
    b"Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: ",
    b"Transform: AWS::Serverless-2016-10-31\n"
    b"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      ",
    b'{"Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "a"]}},'
    b' "Resources": {"V": {"Type": "AWS::EC2::Volume", "Properties": ',
)
path = str(Path(tempfile.mkdtemp(prefix="fuzz-")) / "a.yaml")


def one(data: bytes) -> None:
    """The first byte says how the template begins; nothing may be raised."""
    if not data:
        return
    with source.unsaved(path, HEADS[data[0] % len(HEADS)] + data[1:]):
        cloudformation.is_template(path)
        made = cloudformation.load(path, parameters={"P": "b"})
    assert made is None or all(it.kind != "internal" for it in made.problems)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
