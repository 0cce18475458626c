"""Values of Terraform, and texts that are hard to read."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scale import estate

from tests.hostile.inputs.making import VOLUME, hostile, terraform


@hostile
def count_1e9(at: Path) -> None:
    """A thousand million instances."""
    terraform(at, VOLUME.format(at=0).replace("{\n", "{\n  count = 1e9\n"))


@hostile
def for_each_product(at: Path) -> None:
    """A loop over a product of ranges."""
    terraform(
        at,
        VOLUME.format(at=0).replace(
            "{\n",
            "{\n  for_each = toset([for p in setproduct(range(1000), range(1000), range(1000)) : jsonencode(p)])\n",
        ),
    )


@hostile
def for_nested(at: Path) -> None:
    """Loops in loops in loops."""
    inner = "1"
    for name in "abcdef":
        inner = f"[for {name} in range(1000) : {inner}]"
    terraform(at, f"locals {{\n  x = {inner}\n}}\n" + VOLUME.format(at=0).replace("size = 1", "size = length(local.x)"))


@hostile
def format_wide(at: Path) -> None:
    """A number of a thousand million places."""
    terraform(
        at,
        "".join(
            f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = {text}\n}}\n'
            for n, text in enumerate(
                [
                    'format("%1000000000d", 1)',
                    'format("%.1000000000f", 1)',
                    'format("%*d", 1000000000, 1)',
                    'format("%1000000s", "a")',
                    'format("%[99999999999]d", 1)',
                    'formatlist("%1000000000s", range(100))',
                ]
            )
        ),
    )


@hostile
def functions_with_huge_results(at: Path) -> None:
    """Functions that make much of little."""
    calls = [
        'cidrsubnets("10.0.0.0/8", [for n in range(1000) : 24]...)',
        'cidrsubnet("10.0.0.0/8", 1000000000, 5)',
        'cidrsubnets("::/0", 128, 1000000000000000000000)',
        'cidrhost("10.0.0.0/8", 1e30)',
        "range(1e7)",
        "range(0, 1e300, 1e-300)",
        'join("", [for n in range(1000) : join("", [for m in range(1000) : "0123456789"])])',
        "pow(10, 1e9)",
        "pow(9e99, 9e99)",
        'replace(join("", range(1000)), "", join("", range(1000)))',
        "factorial(1000000)",
        'substr("a", 0, 1e30)',
        'regexall("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
        'parseint(join("", [for n in range(1000) : "99999999999999999999"]), 10)',
        'indent(1000000000, "a\\nb")',
        "flatten([for n in range(1000) : range(1000)])",
        "setproduct(range(1000), range(1000), range(1000))",
        "zipmap(range(1000), range(1000))",
        "chunklist(range(1000), 1)",
        'split("", join("", range(1000)))',
        'timeadd("2020-01-01T00:00:00Z", "999999999999999999999h")',
        'base64gzip(join("", range(1000)))',
        'bcrypt("a", 31)',
        'yamldecode("{a: &a [1,1], b: &b [*a,*a], c: &c [*b,*b], d: &d [*c,*c]}")',
        "1e999999999",
        "1e999999999 % 7",
        "9999999999999999999999 % 1e-300",
        "-1e400000000 + 1",
    ]
    terraform(
        at, "".join(f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = {text}\n}}\n' for n, text in enumerate(calls))
    )


@hostile
def locals_doubling(at: Path) -> None:
    """Text that doubles 60 times."""
    text = "".join(f'  a{n + 1} = "${{local.a{n}}}${{local.a{n}}}"\n' for n in range(60))
    terraform(at, f'locals {{\n  a0 = "ab"\n{text}}}\nresource "aws_s3_bucket" "b" {{\n  bucket = local.a60\n}}\n')


@hostile
def locals_doubling_unknown(at: Path) -> None:
    """Text with something open in it that doubles 60 times."""
    text = "".join(f'  a{n + 1} = "${{local.a{n}}}${{local.a{n}}}"\n' for n in range(60))
    bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = local.a60\n}\n'
    terraform(at, f'variable "x" {{}}\nlocals {{\n  a0 = var.x\n{text}}}\n{bucket}')


@hostile
def locals_doubling_lists(at: Path) -> None:
    """Lists that double 60 times, and what they look like as JSON."""
    text = "".join(f"  a{n + 1} = [local.a{n}, local.a{n}]\n" for n in range(60))
    tags = "{ x = local.a60 == local.a59, y = length(flatten(local.a60)) }"
    bucket = f'resource "aws_s3_bucket" "b" {{\n  bucket = jsonencode(local.a60)\n  tags = {tags}\n}}\n'
    terraform(at, f'locals {{\n  a0 = ["ab"]\n{text}}}\n{bucket}')


@hostile
def locals_doubling_json(at: Path) -> None:
    """JSON of JSON of JSON, escaped each time."""
    text = "".join(f"  a{n + 1} = jsonencode([local.a{n}, local.a{n}])\n" for n in range(60))
    terraform(
        at, f'locals {{\n  a0 = "\\"\\\\"\n{text}}}\nresource "aws_iam_policy" "b" {{\n  policy = local.a60\n}}\n'
    )


@hostile
def locals_concatenated(at: Path) -> None:
    """Lists that are concatenated with themselves."""
    text = "".join(f"  a{n + 1} = concat(local.a{n}, local.a{n})\n" for n in range(60))
    terraform(
        at,
        f"locals {{\n  a0 = [1]\n{text}}}\n" + VOLUME.format(at=0).replace("{\n", "{\n  count = length(local.a60)\n"),
    )


@hostile
def conditionals_open(at: Path) -> None:
    """A choice of choices: 40 open conditionals that hang on each other."""
    variables = "".join(f'variable "v{n}" {{\n  type = bool\n}}\n' for n in range(40))
    text = "".join(f'  a{n + 1} = var.v{n} ? "${{local.a{n}}}x" : "y${{local.a{n}}}"\n' for n in range(40))
    terraform(
        at, f'{variables}locals {{\n  a0 = "ab"\n{text}}}\nresource "aws_s3_bucket" "b" {{\n  bucket = local.a40\n}}\n'
    )


@hostile
def dynamic_blocks_nested(at: Path) -> None:
    """Blocks of blocks of blocks."""
    inner = ""
    for name in ("tag", "ingress", "egress", "rule"):
        inner = f'dynamic "{name}" {{\n for_each = range(1000)\n content {{\n{inner}\n}}\n}}\n'
    terraform(at, f'resource "aws_security_group" "g" {{\n{inner}}}\n')


@hostile
def heredoc_huge(at: Path) -> None:
    """A heredoc of 7 MB in many lines, indented."""
    terraform(
        at,
        'resource "aws_s3_bucket" "b" {\n  bucket = <<-EOT\n'
        + "    ab ${1} %{ if true }\n    %{ endif }\n" * 100_000
        + "  EOT\n}\n",
    )


@hostile
def heredoc_never_ends(at: Path) -> None:
    """100,000 heredocs, none of which ends."""
    terraform(at, "".join(f"a = <<EOT{n}\n" for n in range(100_000)))


@hostile
def one_line(at: Path) -> None:
    """A list of 8 MB in one line."""
    terraform(at, "locals { x = [" + "1," * 3_900_000 + "1] }\n")


@hostile
def one_line_of_blocks(at: Path) -> None:
    """100,000 arguments, and marks, in one line of 8 MB."""
    terraform(at, "locals {\n" + "/* # partywall: ignore[ENC101] */" * 100_000 + "\n}\n")


@hostile
def empty_lines(at: Path) -> None:
    """1,000,000 empty lines before, in and after what there is, with a mark."""
    terraform(
        at,
        "# partywall: ignore[ENC101] why\n"
        + "\n" * 1_000_000
        + VOLUME.format(at=0).replace("{\n", "{\n" + "\n" * 1_000_000)
        + "\n" * 1_000_000,
    )
    terraform(at, "\n" * 1_000_000 + "Resources:\n  V:\n    Type: AWS::EC2::Volume\n" + "\n" * 1_000_000, "a.yaml")


@hostile
def comments_odd(at: Path) -> None:
    """Comments that make quadratic patterns slow."""
    terraform(
        at,
        "# "
        + "partywall:"
        + " " * 1_000_000
        + "x\n"
        + "# checkov:skip="
        + "A," * 1_000_000
        + "\n"
        + "/*" * 500_000
        + "*/\n"
        + "# partywall: ignore["
        + "," * 1_000_000
        + "] "
        + "until " * 100_000
        + "\n"
        + "# partywall: ignore[ENC101] "
        + ", until  " * 300_000
        + "\n"
        + "#" * 1_000_000
        + "\n",
    )
    terraform(
        at,
        "Resources:\n  V:\n    Type: AWS::EC2::Volume # partywall: ignore["
        + " " * 1_000_000
        + "\n"
        + "#" * 1_000_000
        + "\n"
        + "# trivy:ignore:" * 60_000
        + "\n",
        "a.yaml",
    )


@hostile
def blocks_deep(at: Path) -> None:
    """Blocks 100,000 deep."""
    terraform(at, "a {\n" * 100_000 + "}\n" * 100_000)
    terraform(at, "locals {\n  x = " + "[" * 100_000 + "]" * 100_000 + "\n}\n", "b.tf")
    terraform(at, 'locals {\n  x = "' + '${"' * 100_000 + '"}' * 100_000 + '"\n}\n', "c.tf")
    terraform(
        at,
        "locals {\n  x = "
        + "!" * 100_000
        + "true\n  y = "
        + "1+" * 100_000
        + "1\n  z = "
        + "a ? b : " * 50_000
        + "c\n}\n",
        "d.tf",
    )
    terraform(at, '{"locals": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001, "e.tf.json")


@hostile
def variable_values_deep(at: Path) -> None:
    """Values of variables that are deep."""
    terraform(at, 'variable "a" {\n  type = ' + "list(" * 10_000 + "string" + ")" * 10_000 + "\n}\n")
    terraform(at, "a = " + "[" * 10_000 + "]" * 10_000 + "\n", "terraform.tfvars")
    terraform(at, '{"a": ' + "[" * 10_000 + "]" * 10_000 + "}", "b.auto.tfvars.json")


@hostile
def references_in_circles(at: Path) -> None:
    """5,000 locals in one circle, and 5,000 resources in another."""
    text = "".join(f"  a{n} = local.a{(n + 1) % 5000}\n" for n in range(5000))
    terraform(
        at,
        f"locals {{\n{text}}}\n"
        + "".join(
            f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = "x${{aws_s3_bucket.b{(n + 1) % 5000}.bucket}}"\n}}\n'
            for n in range(5000)
        ),
    )


@hostile
def references_in_a_chain(at: Path) -> None:
    """5,000 locals, each made of the next; 5,000 groups in a chain."""
    text = "".join(f"  a{n} = local.a{n + 1}\n" for n in range(5000))
    terraform(at, f"locals {{\n{text}  a5000 = 1\n}}\n" + VOLUME.format(at=0).replace("size = 1", "size = local.a0"))


@hostile
def fifty_thousand_in_terraform(at: Path) -> None:
    """50,000 resources of many kinds in one root module."""
    estate(at, 50_000, apart=True)


@hostile
def buckets_and_what_others_say_of_them(at: Path, n: int = 5_000) -> None:
    """Buckets, the switches of each, and as many switches of buckets that are not here."""
    text = ""
    for k in range(n):
        text += f'resource "aws_s3_bucket" "b{k}" {{\n  bucket = "b{k}"\n}}\n'
        for place, owner in (("here", f"aws_s3_bucket.b{k}.id"), ("there", f'"elsewhere-{k}"')):
            block = f"{{\n  bucket = {owner}\n  block_public_acls = true\n}}\n"
            text += f'resource "aws_s3_bucket_public_access_block" "{place}{k}" {block}'
    terraform(at, text)


@hostile
def moves_of_many(at: Path, n: int = 5_000) -> None:
    """Resources, and as many that were moved there."""
    moved = (f"moved {{\n  from = aws_ebs_volume.w{k}\n  to = aws_ebs_volume.v{k}\n}}\n" for k in range(n))
    terraform(at, "".join((*(VOLUME.format(at=k) for k in range(n)), *moved)))
