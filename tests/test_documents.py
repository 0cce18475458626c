"""What the documents say: links lead somewhere, commands exist, and the output shown is the output."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall.cli import COMMANDS, commands
from partywall.cli.output import FORMATS

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_readme_names_every_command_and_format() -> None:
    usage = README.partition("## Use it")[2]
    named = {*re.findall(r"^partywall (\w+)", usage, re.MULTILINE), *re.findall(r"(?:\[|; )(check|explain)\b", usage)}
    assert named >= set(COMMANDS) - {"clean"}
    (line,) = [it for it in README.splitlines() if it.startswith("Formats: ")]
    assert re.findall(r"[a-z]+", line.partition(";")[0].partition(":")[2]) == list(FORMATS)


def test_options_in_the_documents_exist() -> None:
    known = {
        option
        for name in COMMANDS
        for parameter in (commands.get_command(None, name) or commands).params  # type: ignore[arg-type]
        for option in parameter.opts
    }
    for page in PAGES:
        for span in re.findall(r"`(partywall [^`]*|check [^`]*|--[a-z-]+[^`]*)`", page.read_text(encoding="utf-8")):
            for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", span):
                assert option in known or option == "--snapshot-update", (page.name, span)


def test_the_output_shown_is_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    out = CliRunner().invoke(commands, ["check", "fixtures/example"]).stdout.splitlines()
    (shown,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    for line in shown.splitlines():
        if "…" not in line:
            assert line in out


def test_ci_does_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for word in ("python3 -m venv .venv", "-e '.[dev]'", "-m pytest -n auto", "partywall check fixtures/example"):
        assert word in README
        assert word in script
