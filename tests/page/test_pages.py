"""Pages as text: whole, alone, the same twice, and nothing in them but what we made and escaped."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from partywall.cli import commands
from partywall.page.document import SCRIPTS, STYLES, asset, document
from partywall.page.drawing import FEW
from partywall.page.markup import element
from tests.page.conftest import COMMANDS, HOSTILE, NETWORK, Made

PAGES = tuple(COMMANDS)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.content: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.content.setdefault(self.open[-1] if self.open else "", []).append(data)


@pytest.mark.parametrize("command", PAGES)
def test_a_page_stands_alone(command: str, made: Made) -> None:
    page = Page(made(command))
    loaded = {"src", "href", "action", "data", "srcset", "poster"}
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img", "template")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for name in loaded & set(attributes):
            assert (attributes[name] or "").startswith("#"), (tag, attributes)
    assert not re.search(r"https?:|url\(|@import", "".join(page.content["style"]))


@pytest.mark.parametrize("command", PAGES)
def test_the_policy_allows_what_the_page_brings_and_nothing_else(command: str, made: Made) -> None:
    page = Page(made(command))
    (policy,) = (it["content"] for tag, it in page.elements if tag == "meta" and "http-equiv" in it)
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    codes = [it for it in page.content.get("script", ()) if not it.startswith("{")]
    for text in (*page.content["style"], *codes):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("command", PAGES)
def test_the_same_twice(command: str, made: Made) -> None:
    assert made(command) == made(command)


@pytest.mark.parametrize("command", PAGES)
def test_hostile_text_adds_no_element(command: str, made: Made) -> None:
    allowed = {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "h4", "h5", "p", "nav", "a",
        "main",
        "section", "div", "span", "small", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
        "ul", "li", "dl", "dt", "dd", "pre", "code", "mark", "form", "fieldset", "legend", "label", "select", "option",
        "input", "output", "button", "aside", "footer", "script",
    }  # fmt: skip
    page = Page(made(command, HOSTILE))
    assert {tag for tag, _ in page.elements} <= allowed
    scripts = [it for tag, it in page.elements if tag == "script"]
    assert len(scripts) == (0 if command == "ledger" else len(SCRIPTS) + 1)


def test_data_is_json_that_ends_nothing(made: Made) -> None:
    page = Page(made("graph", HOSTILE))
    (data,) = (it for it in page.content["script"] if it.startswith("{"))
    assert not set("<>&") & set(data)
    nodes = json.loads(data)["nodes"]
    assert ['aws_ebs_volume.x["__proto__"]', "aws_ebs_volume"] in nodes
    assert any("</script>" in address for address, _ in nodes)


@given(st.text(st.characters(codec=None, exclude_categories=())))
@example("\ud800</script>")
def test_any_text_stays_text(text: str) -> None:
    page = Page(element("p", text, title=text) + document("t", data=text, scripts=()))
    (paragraph,) = (it for tag, it in page.elements if tag == "p")
    assert "".join(page.content.get("p", ())) == paragraph["title"] == UNPRINTABLE.sub("\ufffd", text)
    assert [tag for tag, _ in page.elements if tag == "script"] == ["script"]
    assert json.loads("".join(page.content["script"])) == text


def test_attributes_that_run_code_cannot_be_made() -> None:
    for name in ("onclick", "style", "x y", "on_load"):
        with pytest.raises(ValueError, match="no attribute"):
            element("p", **{name: "x"})


def test_secrets_are_covered_up(made: Made) -> None:
    text = 'resource "aws_db_instance" "x" {\n  password = "hunter-two"\n  storage_encrypted = false\n}\n'
    for command in PAGES:
        page = made(command, text)
        assert "hunter" not in page
    assert "IAM201" in made("check", text)


def test_the_network_is_a_place(made: Made) -> None:
    page = made("graph")
    vpc = page[page.index('class="vpc"') : page.index('class="outside"')]
    public = vpc[vpc.index("Public subnets") : vpc.index("Closed subnets")]
    assert re.search(r'class="card [a-z]+"[^>]*>.*?>web<', public)
    assert "from the internet: tcp 22" in public
    closed = vpc[vpc.index("Closed subnets") :]
    assert ">worker<" in closed
    assert "from the internet" not in closed
    assert ">logs<" in page[page.index('class="outside"') :]
    assert "internet → aws_internet_gateway.door → aws_instance.web" in page.replace("</strong>", "")


JOINED = """\
resource "aws_vpc" "one" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "two" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc_peering_connection" "seam" {
  vpc_id      = aws_vpc.one.id
  peer_vpc_id = aws_vpc.two.id
  auto_accept = true
}
"""


def test_what_joins_networks_stands_between_them(made: Made) -> None:
    page = made("graph", JOINED)
    assert re.search(r'class="seams".*?>peering<.*?>seam<.*?no route leads over it', page, re.DOTALL)
    assert "aws_vpc.one ↔ aws_vpc.two: no route leads over it" in page


def test_a_finding_has_its_lines_and_its_card(made: Made) -> None:
    page = made("check")
    at = page.index(">NET138<")
    finding = page[page.rindex("<details", 0, at) : page.index("</details>", at)]
    assert "<mark>" in finding
    (node,) = re.findall(r'data-nodes="(\d+)"', finding)
    assert re.search(rf'<button[^>]* id="node{node}"', page)


def test_every_card_is_there_once(made: Made) -> None:
    for text in (NETWORK, HOSTILE):
        page = Page(made("graph", text))
        (data,) = (it for it in page.content["script"] if it.startswith("{"))
        cards = [it["data-node"] for _, it in page.elements if it.get("data-node") is not None]
        assert sorted(map(int, filter(None, cards))) == list(range(len(json.loads(data)["nodes"])))


def test_a_file_name_is_text_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<img src=x onerror=a>.yaml").write_text(
        "Resources:\n  A:\n    Type: AWS::EC2::Volume\n", encoding="utf-8"
    )
    page = CliRunner().invoke(commands, ["check", "-f", "html", "--no-config"]).stdout
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_the_notice_names_the_library_that_ships(root: Path) -> None:
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    version = asset("vendor/dagre.min.js").split()[2]
    assert f"dagre {version} " in notice


@pytest.mark.parametrize("name", [*STYLES, *SCRIPTS])
def test_assets_reach_for_nothing(name: str) -> None:
    text = asset(name)
    assert not re.search(
        r"\b(?:fetch|XMLHttpRequest|WebSocket|import|eval)\s*\(|innerHTML|outerHTML|document\.write", text
    )


@pytest.mark.parametrize(("count", "opened"), [(FEW, True), (FEW + 1, False)])
def test_many_drawings_are_folded_away(count: int, opened: bool, made: Made) -> None:
    template = "Resources:\n  A:\n    Type: AWS::EC2::Volume\n"
    for number in range(count):
        text = made("graph", template, f"t{number}.yaml")
    sheets = [it for _, it in Page(text).elements if it.get("class") == "sheet"]
    assert len(sheets) == count
    assert all(("open" in it) is opened for it in sheets)


def test_a_finding_is_about_the_environment_it_holds_in(tmp_path: Path, made: Made) -> None:
    made("ledger")
    (tmp_path / "main.tf").write_text(
        'variable "on" {\n  type = bool\n}\nresource "aws_ebs_volume" "x" {\n  encrypted = var.on\n}\n',
        encoding="utf-8",
    )
    for name, value in (("dev", "false"), ("prod", "true")):
        (tmp_path / f"{name}.tfvars").write_text(f"on = {value}\n", encoding="utf-8")
    (tmp_path / "partywall.toml").write_text(
        "".join(f'[environments.{name}]\nvar-files = ["{name}.tfvars"]\n' for name in ("dev", "prod")), encoding="utf-8"
    )
    page = Page(CliRunner().invoke(commands, ["graph", "-f", "html", "--no-cache"]).stdout)
    cards = [it["data-gaps"] or "" for _, it in page.elements if "data-node" in it]
    assert ["ENC/" in it for it in cards] == [True, False]
