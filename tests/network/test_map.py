"""The map: where subnets lead, who stands where though it is not known in which, and the ways in."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import terraform
from partywall.graph import Graph, View
from partywall.reason.network.map import NetworkMap, Seam, Way, network_map

TODAY = datetime.date(2026, 1, 1)
ROUTES = """\
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "door" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "public" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_subnet" "outbound" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.8.0/24"
}
resource "aws_subnet" "closed" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.9.0/24"
}
resource "aws_subnet" "unknown" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.10.0/24"
}
variable "which" {}
resource "aws_nat_gateway" "nat" {
  subnet_id = element(aws_subnet.public[*].id, var.which)
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.door.id
  }
}
resource "aws_route_table" "outbound" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.nat.id
  }
}
resource "aws_route_table_association" "public" {
  count          = 2
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_route_table_association" "outbound" {
  subnet_id      = aws_subnet.outbound.id
  route_table_id = aws_route_table.outbound.id
}
resource "aws_route_table_association" "unknown" {
  subnet_id      = aws_subnet.unknown.id
  route_table_id = var.which
}
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
BALANCED = """\
resource "aws_lb" "front" {
  subnets         = aws_subnet.public[*].id
  security_groups = [aws_security_group.open.id]
}
resource "aws_lb_target_group" "back" {
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.front.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.back.arn
  }
}
resource "aws_lb_target_group_attachment" "back" {
  target_group_arn = aws_lb_target_group.back.arn
  target_id        = aws_instance.back.id
}
resource "aws_security_group" "back" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.open.id]
  }
}
resource "aws_instance" "back" {
  subnet_id              = aws_subnet.outbound.id
  vpc_security_group_ids = [aws_security_group.back.id]
}
"""


def _map(directory: Path, text: str) -> NetworkMap:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    deployment = terraform.load(str(directory), variables={}, variable_files=(), workspace=None, project=str(directory))
    assert deployment is not None
    return network_map(View(Graph(deployment), {}, TODAY))


def test_subnets_are_told_apart_by_where_their_routes_lead(tmp_path: Path) -> None:
    (vpc,) = _map(tmp_path, ROUTES).vpcs
    assert {it.address: it.openness for it in vpc.subnets} == {
        "aws_subnet.public[0]": "public",
        "aws_subnet.public[1]": "public",
        "aws_subnet.outbound": "outbound",
        "aws_subnet.closed": "closed",
        "aws_subnet.unknown": "unknown",
    }
    assert vpc.gates == (("aws_internet_gateway.door", "internet gateway"),)
    assert vpc.blocks == ("10.0.0.0/16",)


def test_who_picks_a_subnet_in_a_way_not_known_may_stand_in_each(tmp_path: Path) -> None:
    (vpc,) = _map(tmp_path, ROUTES).vpcs
    (nat,) = vpc.standing
    assert nat.kind == "NAT gateway"
    assert set(nat.subnets) == {"aws_subnet.public[0]", "aws_subnet.public[1]"}


def test_ways_go_on_behind_a_load_balancer(tmp_path: Path) -> None:
    found = _map(tmp_path, ROUTES + BALANCED)
    assert found.ways == (
        Way("internet", "aws_internet_gateway.door", "aws_lb.front", "tcp 80", sure=True),
        Way("aws_lb.front", "", "aws_instance.back", "tcp 8080", sure=True),
    )


def test_a_load_balancer_is_reached_where_it_listens_only(tmp_path: Path) -> None:
    wide = BALANCED.replace("aws_security_group.open.id]\n}", "aws_security_group.wide.id]\n}", 1)
    group = (
        ROUTES[ROUTES.index('resource "aws_security_group"') :].replace('"open"', '"wide"').replace("= 80", "= 0", 1)
    )
    found = _map(tmp_path, ROUTES + wide + group.replace("to_port     = 80", "to_port     = 65535"))
    assert [it.ports for it in found.ways if it.target == "aws_lb.front"] == ["tcp 80"]


DATABASE = """\
resource "aws_db_subnet_group" "d" {
  subnet_ids = aws_subnet.public[*].id
}
resource "aws_security_group" "all" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_db_instance" "d" {
  engine                 = "postgres"
  publicly_accessible    = true
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.all.id]
}
"""


def test_a_database_is_reached_on_its_port_only(tmp_path: Path) -> None:
    (way,) = _map(tmp_path, ROUTES + DATABASE).ways
    assert way.ports == "tcp 5432"


OTHER = """\
resource "aws_vpc" "w" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  auto_accept = true
}
"""


def _route(name: str, vpc: str, block: str) -> str:
    return f"""\
resource "aws_route_table" "{name}" {{
  vpc_id = aws_vpc.{vpc}.id
  route {{
    cidr_block                = "{block}"
    vpc_peering_connection_id = aws_vpc_peering_connection.p.id
  }}
}}
"""


THERE, BACK = _route("there", "v", "10.1.0.0/16"), _route("back", "w", "10.0.0.0/16")


@pytest.mark.parametrize(
    ("text", "words", "sure"),
    [
        (OTHER, "no route leads over it", False),
        (OTHER + THERE, "routes lead over it one way only", False),
        (OTHER + THERE + BACK, "routes lead both ways", True),
        (OTHER.replace("true", "false") + THERE + BACK, "nobody accepts it", False),
    ],
)
def test_what_joins_networks_says_whether_routes_lead_over_it(
    text: str, words: str, sure: bool, tmp_path: Path
) -> None:
    expected = Seam("aws_vpc_peering_connection.p", "peering", ("aws_vpc.v", "aws_vpc.w"), words, sure)
    assert _map(tmp_path, ROUTES + text).seams == (expected,)


FIREWALL = """\
resource "aws_vpc_endpoint" "firewall" {
  vpc_id            = aws_vpc.v.id
  service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
  vpc_endpoint_type = "GatewayLoadBalancer"
  subnet_ids        = [aws_subnet.public[0].id]
}
resource "aws_vpc_endpoint" "storage" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.inspected.id]
}
resource "aws_route_table" "inspected" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block      = "0.0.0.0/0"
    vpc_endpoint_id = aws_vpc_endpoint.firewall.id
  }
}
resource "aws_route_table_association" "inspected" {
  subnet_id      = aws_subnet.closed.id
  route_table_id = aws_route_table.inspected.id
}
resource "aws_instance" "behind" {
  subnet_id                   = aws_subnet.closed.id
  vpc_security_group_ids      = [aws_security_group.open.id]
  associate_public_ip_address = true
}
"""


def test_what_stands_behind_a_firewall_is_perhaps_reached(tmp_path: Path) -> None:
    found = _map(tmp_path, ROUTES + FIREWALL)
    (vpc,) = found.vpcs
    assert {it.address: it.openness for it in vpc.subnets}["aws_subnet.closed"] == "inspected"
    assert ("aws_vpc_endpoint.storage", "gateway endpoint") in vpc.gates
    assert found.ways == (
        Way("internet", "aws_internet_gateway.door", "aws_instance.behind", "tcp 80", sure=False),
    )  # fmt: skip


@pytest.mark.parametrize(("public", "sure"), [("true", True), ("var.public", False), ("false", None)])
def test_a_way_is_sure_only_where_everything_on_it_is(public: str, sure: bool | None, tmp_path: Path) -> None:
    machine = f"""\
variable "public" {{
  type = bool
}}
resource "aws_instance" "web" {{
  subnet_id                   = aws_subnet.public[0].id
  vpc_security_group_ids      = [aws_security_group.open.id]
  associate_public_ip_address = {public}
}}
"""
    assert [it.sure for it in _map(tmp_path, ROUTES + machine).ways] == ([] if sure is None else [sure])


def test_who_names_no_subnet_stands_in_the_default_network(tmp_path: Path) -> None:
    (vpc,) = _map(tmp_path, 'resource "aws_instance" "x" {\n}\n').vpcs
    assert (vpc.address, vpc.declared) == ("the default VPC", False)
    assert [it.address for it in vpc.standing] == ["aws_instance.x"]
