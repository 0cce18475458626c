"""The ledger for machines, schema `partywall-ledger/1`."""

from __future__ import annotations

import json
from dataclasses import asdict

from partywall import __version__
from partywall.ledger import Ledger
from partywall.report.style import Style
from partywall.rule import DUTIES

SCHEMA = "partywall-ledger/1"


def render(ledger: Ledger, style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """Everything, duties by their words."""
    document = {"schema": SCHEMA, "version": __version__, "met_percent": ledger.share, **asdict(ledger)}
    for part in document["parts"]:
        for entry in part["entries"]:
            for cell in entry["cells"]:
                cell["duty"] = DUTIES[cell["duty"]]
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
