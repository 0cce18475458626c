"""The frame of every page: one file with its styles, scripts and data, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from partywall import __version__
from partywall.page.markup import Markup, element, joined

STYLES = ("page.css", "ledger.css", "finding.css", "map.css")
SCRIPTS = ("vendor/dagre.min.js", "filter.js", "map.js", "page.js")


def document(title: str, *parts: Markup | None, data: object = None, scripts: Sequence[str] = SCRIPTS) -> str:
    """A page. `data` is what its scripts read, as JSON in which no text can end the element it stands in."""
    style = "\n".join(asset(name) for name in STYLES)
    codes = [asset(name) for name in scripts]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_digest(style)}",
            f"script-src {' '.join(_digest(code) for code in codes)}" if codes else "script-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} - partywall"),
        element("style", Markup(style)),
    )
    body = element(
        "body",
        *parts,
        element("footer", f"partywall {__version__}", class_="foot"),
        element("script", _json(data), type="application/json", id="data") if data is not None else None,
        *(element("script", Markup(code)) for code in codes),
    )
    return joined(Markup("<!doctype html>\n"), element("html", head, Markup("\n"), body, lang="en"), Markup("\n"))


@cache
def asset(name: str) -> str:
    """A style or script that ships with the pages. Raises ValueError for one that would end its own element."""
    text = resources.files("partywall.page").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")
    if "</" + "script" in text.lower() or "</" + "style" in text.lower():
        raise ValueError(f"{name} ends its own element")
    return f"\n{text}"


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _json(data: object) -> Markup:
    text = json.dumps(data, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
