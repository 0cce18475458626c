"""Policies, and roles that trust each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hostile.inputs.making import hostile, resource, template


def _policy(at: Path, statements: Any, name: str = "a.json") -> None:
    template(
        at,
        {
            "P": resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": statements}, Roles=[{"Ref": "R"}]),
            "R": resource(
                "AWS::IAM::Role",
                AssumeRolePolicyDocument={
                    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]
                },
            ),
        },
        name,
    )


@hostile
def policy_of_100000_actions(at: Path) -> None:
    """100,000 actions, with many wildcards, allowed and denied."""
    actions = [f"s3:*a*a*a*a*{n}*b" for n in range(100_000)]
    _policy(
        at,
        [
            {"Effect": "Allow", "Action": actions, "Resource": "*"},
            {"Effect": "Deny", "NotAction": actions[:1000], "Resource": "*"},
        ],
    )


@hostile
def policy_of_wildcards_and_long_names(at: Path) -> None:
    """Patterns that backtrack, against long names."""
    long, pattern = "arn:aws:s3:::" + "a" * 20_000, "arn:aws:s3:::" + "*a" * 2000 + "*b"
    _policy(
        at,
        [
            {
                "Effect": "Allow",
                "Action": ["*" * 5000 + ":" + "*a" * 2000, "iam:" + "?*" * 2000],
                "Resource": [long, pattern],
            },
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": [pattern, long],
                "Condition": {"StringLike": {"aws:PrincipalArn": [pattern, long]}},
            },
        ],
    )


@hostile
def policy_of_10000_statements(at: Path) -> None:
    """10,000 statements, half of which deny."""
    _policy(
        at,
        [
            {
                "Effect": ("Allow", "Deny")[n % 2],
                "Action": [f"iam:*{n}", "iam:PassRole", "lambda:*"],
                "Resource": f"arn:aws:iam::*:role/x{n}*",
                "Condition": {"StringEquals": {f"aws:PrincipalTag/{n}": ["a", "b"]}},
            }
            for n in range(10_000)
        ],
    )


@hostile
def roles_that_trust_all_others(at: Path) -> None:
    """150 roles, each trusts all others and may pass them."""
    roles = [{"Fn::GetAtt": [f"R{n}", "Arn"]} for n in range(150)]
    template(
        at,
        {
            f"R{n}": resource(
                "AWS::IAM::Role",
                AssumeRolePolicyDocument={
                    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": roles}}]
                },
                Policies=[
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {
                            "Statement": [
                                {"Effect": "Allow", "Action": ["iam:PassRole", "sts:AssumeRole"], "Resource": roles}
                            ]
                        },
                    }
                ],
            )
            for n in range(150)
        },
    )


@hostile
def policies_for_one_role(at: Path) -> None:
    """2,000 policies attached to each of 50 roles."""
    trust = {
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]
    }
    policies = {
        f"P{n}": resource(
            "AWS::IAM::ManagedPolicy",
            PolicyDocument={"Statement": [{"Effect": "Allow", "Action": f"iam:*{n}", "Resource": "*"}]},
        )
        for n in range(2000)
    }
    template(
        at,
        policies
        | {
            f"R{n}": resource(
                "AWS::IAM::Role", AssumeRolePolicyDocument=trust, ManagedPolicyArns=[{"Ref": name} for name in policies]
            )
            for n in range(50)
        },
    )
