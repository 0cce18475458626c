"""Pages as the command line makes them, of small projects and of hostile ones, and a browser to look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall.cli import commands
from tests.page.browser import Browser, executable

Made = Callable[..., str]

COMMANDS = {"check": "check -f html --show gap,unknown", "graph": "graph -f html", "ledger": "ledger -f html"}

NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "door" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "front" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "back" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_route_table" "front" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.door.id
  }
}

resource "aws_route_table_association" "front" {
  subnet_id      = aws_subnet.front.id
  route_table_id = aws_route_table.front.id
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 22
    to_port     = 22
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

resource "aws_instance" "web" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.front.id
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_instance" "worker" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.back.id
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
"""

EVIL = "document.documentElement.dataset.owned=1"
HOSTILE = f"""\
locals {{
  names = [
    "</script><script>{EVIL}</script>",
    "<img src=x onerror={EVIL}>",
    "\\" onfocus={EVIL} autofocus x=\\"",
    "</style></title><svg onload={EVIL}>",
    "--></pre></textarea><script>{EVIL}</script>",
    "__proto__", "constructor", "'`$${{{EVIL}}}`",
  ]
}}

resource "aws_ebs_volume" "x" {{
  for_each  = toset(local.names)
  encrypted = false # </code><script>{EVIL}</script>
  tags      = {{ (each.key) = "<script>{EVIL}</script>" }}
}}

resource "aws_instance" "x" {{
  for_each  = toset(local.names)
  subnet_id = each.key
  ami       = "<script>{EVIL}</script>"
}}
"""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """The page that a command makes of some text, in an empty project."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def page(command: str, text: str = NETWORK, name: str = "main.tf") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return CliRunner().invoke(commands, [*COMMANDS[command].split(), "--no-config", "--no-cache"]).stdout

    return page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; the tests that want it are skipped where there is none."""
    path = executable()
    if path is None:
        pytest.skip("no Chromium is installed")
    with Browser(path) as it:
        yield it
