"""Pages in a real browser: nothing hostile runs, and what can be clicked can be done from the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page.browser import Browser
from tests.page.conftest import COMMANDS, HOSTILE, Made
from tests.page.test_pages import JOINED

pytestmark = pytest.mark.slow

VISIBLE = "[...document.querySelectorAll('#findings .finding')].filter(it => !it.hidden).length"
FOCUSED = "document.activeElement.id"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_hostile_runs(command: str, made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made(command, HOSTILE), encoding="utf-8")
    browser.open(page)
    if command != "ledger":
        assert browser.run("document.querySelectorAll('.card').length") == 16
        browser.run("document.querySelector('.card').click()")
        browser.run("document.querySelectorAll('details').forEach(it => { it.open = true })")
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert browser.run("document.documentElement.dataset.owned") is None
    assert browser.complaints == []


def test_the_graph_of_references_shows_names_as_text(made: Made, browser: Browser, page: Path) -> None:
    evil = "<img src=x onerror=document.documentElement.dataset.owned=1>"
    text = f"""\
resource "aws_s3_bucket" "x" {{
  for_each = toset(["{evil}"])
}}
resource "aws_s3_bucket_versioning" "x" {{
  bucket = aws_s3_bucket.x["{evil}"].id
}}
"""
    page.write_text(made("graph", text), encoding="utf-8")
    browser.open(page)
    browser.run("document.querySelector('.references').open = true")
    browser.wait("document.querySelectorAll('.references .diagram g').length === 2")
    assert "<img src=x" in browser.run("document.querySelector('.references').textContent")
    assert browser.run("document.documentElement.dataset.owned") is None
    assert browser.complaints == []


def test_ways_in_are_drawn_through_the_gate(made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made("graph"), encoding="utf-8")
    browser.open(page)
    browser.wait("document.querySelectorAll('.wires path[data-ends]').length === 2")
    assert browser.run("document.querySelectorAll('.wires path.sure').length") == 2
    assert browser.complaints == []


def test_a_seam_is_sewn_to_both_networks(made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made("graph", JOINED), encoding="utf-8")
    browser.open(page)
    browser.wait("document.querySelectorAll('.wires path.seam.perhaps').length === 2")
    assert browser.complaints == []


def test_filters_hide_findings_and_dim_cards(made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made("graph"), encoding="utf-8")
    browser.open(page)
    everything = browser.run(VISIBLE)
    browser.run("document.querySelector('[data-filter=duty][value=LOG]').click()")
    some = browser.run(VISIBLE)
    assert 0 < some < everything
    assert browser.run("document.querySelector('.said').textContent").startswith(f"{some} of ")
    assert "dim" in browser.run(
        "[...document.querySelectorAll('.card')].find(it => /worker/.test(it.textContent)).className"
    )
    browser.run("document.querySelector('form.filters').reset()")
    browser.wait(f"{VISIBLE} >= {everything}")
    assert browser.run("document.querySelectorAll('.dim').length") == 0


def test_everything_from_the_keyboard(made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made("graph"), encoding="utf-8")
    browser.open(page)
    web = "[...document.querySelectorAll('.card')].find(it => it.querySelector('.name').title === 'aws_instance.web')"
    browser.run(f"{web}.focus()")
    before = browser.run(FOCUSED)
    browser.press("Enter", 13)
    browser.wait("!document.getElementById('panel').hidden")
    assert browser.run("document.querySelector('#panel h2').textContent") == "aws_instance.web"
    assert "NET138" in browser.run("document.getElementById('panel').textContent")
    assert browser.run("document.querySelectorAll('#panel .diagram g[role=button]').length") >= 3
    browser.press("Escape", 27)
    assert browser.run("document.getElementById('panel').hidden")
    assert browser.run(FOCUSED) == before
    browser.press("ArrowDown", 40)
    after = browser.run(FOCUSED)
    assert after != before
    assert after.startswith("node")
    browser.press("/", 191)
    assert browser.run("document.activeElement.name") == "words"


def test_what_is_folded_away_is_shown_when_asked_for(made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made("check"), encoding="utf-8")
    browser.open(page)
    browser.run("document.querySelectorAll('.sheet').forEach(it => { it.open = false })")
    browser.run("document.querySelector('#findings [data-show]').click()")
    assert browser.run("document.querySelector('.sheet').open")
    assert browser.run("document.querySelector('.chosen').getClientRects().length") == 1
    browser.wait("document.querySelectorAll('.wires path[data-ends]').length === 2")


@pytest.mark.parametrize("command", COMMANDS)
def test_narrow_dark_and_printed(command: str, made: Made, browser: Browser, page: Path) -> None:
    page.write_text(made(command), encoding="utf-8")
    browser.open(page, width=390)
    assert browser.run("document.documentElement.scrollWidth") <= 390
    light = browser.run("getComputedStyle(document.body).backgroundColor")
    browser.open(page, scheme="dark")
    assert browser.run("getComputedStyle(document.body).backgroundColor") != light
    assert browser.call("Page.printToPDF", {"printBackground": True})["data"]
    assert browser.complaints == []
