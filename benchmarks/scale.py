"""Whether the cost of a resource, and of every rule, stays the same in deployments of up to 50,000 resources.

    python benchmarks/scale.py [RESOURCES ...]

The estates are of our own making, in one root module: `apart` has a network for every few workloads, `together` has
one network, one key and one role policy that everything shares, which is where a cost per pair would show. Times are
processor times.
"""

from __future__ import annotations

import datetime
import gc
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from partywall.aws.resource import Resource
from partywall.catalog import rules
from partywall.declared import Deployment
from partywall.engine import judge
from partywall.rule import Rule
from partywall.terraform import load
from partywall.truth import Truth

SIZES = (1_000, 5_000, 25_000, 50_000)
GROWTH = 1.5
"""A rule whose subjects cost so many times more in the largest estate than in the smallest is named."""

_NETWORK = """
resource "aws_vpc" "n{net}" {{
  cidr_block = "10.0.0.0/8"
}}
resource "aws_internet_gateway" "n{net}" {{
  vpc_id = aws_vpc.n{net}.id
}}
resource "aws_route_table" "n{net}" {{
  vpc_id = aws_vpc.n{net}.id
  route {{
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.n{net}.id
  }}
}}
resource "aws_network_acl" "n{net}" {{
  vpc_id = aws_vpc.n{net}.id
  ingress {{
    rule_no    = 100
    protocol   = "-1"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }}
}}
resource "aws_kms_key" "n{net}" {{
  enable_key_rotation = true
}}
resource "aws_iam_policy" "n{net}" {{
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["s3:Get*", "sqs:*"], Resource = "*" }}]
  }})
}}
"""

_WORKLOAD = """
resource "aws_subnet" "w{at}" {{
  vpc_id                  = aws_vpc.n{net}.id
  cidr_block              = "10.{high}.{low}.0/24"
  map_public_ip_on_launch = {odd}
}}
resource "aws_route_table_association" "w{at}" {{
  subnet_id      = aws_subnet.w{at}.id
  route_table_id = aws_route_table.n{net}.id
}}
resource "aws_security_group" "w{at}" {{
  vpc_id = aws_vpc.n{net}.id
}}
resource "aws_vpc_security_group_ingress_rule" "w{at}" {{
  security_group_id = aws_security_group.w{at}.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = {port}
  to_port           = {port}
}}
resource "aws_security_group_rule" "w{at}" {{
  security_group_id        = aws_security_group.w{at}.id
  source_security_group_id = aws_security_group.w{before}.id
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
}}
resource "aws_instance" "w{at}" {{
  ami                    = "ami-12345678"
  instance_type          = "m5.large"
  subnet_id              = aws_subnet.w{at}.id
  vpc_security_group_ids = [aws_security_group.w{at}.id]
}}
resource "aws_lb" "w{at}" {{
  subnets         = [aws_subnet.w{at}.id, aws_subnet.w{before}.id]
  security_groups = [aws_security_group.w{at}.id]
}}
resource "aws_lb_target_group" "w{at}" {{
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.n{net}.id
}}
resource "aws_lb_listener" "w{at}" {{
  load_balancer_arn = aws_lb.w{at}.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.w{at}.arn
  }}
}}
resource "aws_db_instance" "w{at}" {{
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  kms_key_id             = aws_kms_key.n{net}.arn
  vpc_security_group_ids = [aws_security_group.w{at}.id]
}}
resource "aws_s3_bucket" "w{at}" {{
  bucket = "estate-{at}"
}}
resource "aws_s3_bucket_public_access_block" "w{at}" {{
  bucket              = aws_s3_bucket.w{at}.id
  block_public_acls   = true
  block_public_policy = {odd}
}}
resource "aws_s3_bucket_versioning" "w{at}" {{
  bucket = aws_s3_bucket.w{at}.id
  versioning_configuration {{
    status = "Enabled"
  }}
}}
resource "aws_s3_bucket_policy" "w{at}" {{
  bucket = aws_s3_bucket.w{at}.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.w{at}.arn, "${{aws_s3_bucket.w{at}.arn}}/*"]
      Condition = {{ Bool = {{ "aws:SecureTransport" = "false" }} }}
    }}]
  }})
}}
resource "aws_iam_role" "w{at}" {{
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_role_policy_attachment" "w{at}" {{
  role       = aws_iam_role.w{at}.name
  policy_arn = aws_iam_policy.n{net}.arn
}}
resource "aws_lambda_function" "w{at}" {{
  function_name = "estate-{at}"
  runtime       = "python3.9"
  handler       = "main.run"
  filename      = "main.zip"
  role          = aws_iam_role.w{at}.arn
}}
resource "aws_sqs_queue" "w{at}" {{
  kms_master_key_id = aws_kms_key.n{net}.id
}}
resource "aws_dynamodb_table" "w{at}" {{
  name     = "estate-{at}"
  hash_key = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
}}
resource "aws_ebs_volume" "w{at}" {{
  availability_zone = "eu-central-1a"
  size              = 8
}}
"""
_SIZE = _WORKLOAD.count("\nresource ")
_FEW = 20
"""The workloads of a network that is not shared by all."""


def estate(directory: Path, resources: int, *, apart: bool) -> None:
    """Write a root module of about so many resources."""
    for at in range(resources // _SIZE):
        net = at // _FEW if apart else 0
        first = net * _FEW if apart else 0
        places = {
            "at": at, "net": net, "before": max(at - 1, first), "high": at // 250 % 250, "low": at % 250,
            "odd": str(bool(at % 2)).lower(), "port": (22, 443, 5432)[at % 3],
        }  # fmt: skip
        text = (_NETWORK if at == first else "") + _WORKLOAD
        with (directory / f"estate-{at // 100}.tf").open("a", encoding="utf-8") as file:
            file.write(text.format(**places))


@dataclass
class Costs:
    """Processor time by rule, and how many subjects each was asked about."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    subjects: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def measured(self, rule: Rule) -> Rule:
        """The same rule, its time taken."""
        judges = rule.judge

        def timed(subject: Resource) -> Truth:
            start = time.process_time()
            truth = judges(subject)
            self.seconds[rule.id] += time.process_time() - start
            self.subjects[rule.id] += 1
            return truth

        body = replace(rule.body(), judge=timed)
        return replace(rule, body=lambda: body)

    def each(self) -> dict[str, float]:
        """Microseconds for one subject."""
        return {name: 1e6 * spent / self.subjects[name] for name, spent in self.seconds.items()}


def timed(work: Callable[[], Deployment]) -> tuple[float, Deployment]:
    """The processor seconds that some work takes, and what it makes."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def lines(sizes: Sequence[int], *, apart: bool) -> Iterator[str]:
    """A line for each size, and one for each rule whose cost grows."""
    costs: list[Costs] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as made:
            estate(Path(made), size, apart=apart)
            loading, deployment = timed(
                lambda made=made: load(made, variables={}, variable_files=(), workspace=None)  # type: ignore[misc]
            )
        costs.append(Costs())
        measured = [costs[-1].measured(rule) for rule in rules()]
        start = time.process_time()
        judgement = judge(deployment, measured, datetime.date(2025, 1, 1))
        judging = time.process_time() - start
        count = len(deployment.resources)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield (
            f"{count:7} resources  load {1e6 * loading / count:6.0f} us each"
            f"  judge {1e6 * judging / count:6.0f} us each"
            f"  {loading + judging:6.1f} s  {len(judgement.findings):7} verdicts  {len(judgement.problems)} problems"
            f"  {peak} MB at most so far"
        )
    few, many = costs[0].each(), costs[-1].each()
    for name in sorted(many, key=lambda it: few.get(it, 0.0) - many[it]):
        if many[name] > GROWTH * few.get(name, 0.0):
            yield f"        {name}: {few.get(name, 0.0):.0f} -> {many[name]:.0f} us for a subject"


def main(arguments: Sequence[str]) -> None:
    """Print both tables."""
    gc.disable()
    for name, apart in (("apart", True), ("together", False)):
        print(name, flush=True)
        for line in lines([int(it) for it in arguments] or SIZES, apart=apart):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
