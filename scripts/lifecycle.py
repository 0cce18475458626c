"""Check the dated tables of `src/partywall/aws/data/lifecycle.json`, and say what to refresh.

    python scripts/lifecycle.py [--today 2026-11-24] [--write]

To refresh a table, open the source its rows name (the product's release calendar in its AWS user guide; endoflife.date
where AWS publishes none), change `ends` and `extended`, add what is new on top, and set `checked` to the day of the
comparison. One row is one line: release, last day of support (null: none announced), last day of paid extended
support, patterns of texts that mean it, source, day of the comparison. `--write` puts the file into that form.

Printed are mistakes (exit code 1), Lambda runtimes whose date differs from the one cfn-lint ships, and tables that
nobody has compared for half a year.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent.parent / "src" / "partywall" / "aws" / "data" / "lifecycle.json"
KEYS = ("release", "ends", "extended", "match", "source", "checked")
STALE = datetime.timedelta(days=183)


def mistakes(tables: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """What is wrong with the tables, one sentence each."""
    for product, rows in tables.items():
        names = [row.get("release") for row in rows]
        for name in sorted({str(name) for name in names if names.count(name) > 1}):
            yield f"{product}: {name} is listed twice"
        for row in rows:
            where = f"{product} {row.get('release')}"
            if set(row) - set(KEYS) or {"release", "ends", "source", "checked"} - set(row):
                yield f"{where}: a row has release, ends, source, checked, and may have extended and match"
                continue
            if not row["source"]:
                yield f"{where}: no source"
            days = [row[key] for key in ("ends", "extended") if row.get(key) is not None]
            for text in (*days, row["checked"]):
                try:
                    datetime.date.fromisoformat(text)
                except ValueError:
                    yield f"{where}: {text} is not a date"
            if days != sorted(days):
                yield f"{where}: paid support ends before standard support does"


def stale(tables: dict[str, list[dict[str, Any]]], today: datetime.date) -> Iterator[str]:
    """Tables that were last compared with their sources too long ago."""
    for product, rows in tables.items():
        checked = min(datetime.date.fromisoformat(row["checked"]) for row in rows)
        if checked + STALE < today:
            yield f"{product}: last compared with its sources on {checked}"


def differing(runtimes: list[dict[str, Any]]) -> Iterator[str]:
    """Lambda runtimes whose end differs from the table that the installed cfn-lint ships."""
    import cfnlint.data

    found = Path(cfnlint.data.__path__[0]) / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"
    ours = {row["release"]: row["ends"] for row in runtimes}
    for name, row in json.loads(found.read_text(encoding="utf-8")).items():
        if name not in ours:
            yield f"lambda: {name} is not listed; cfn-lint says {row['deprecated']}"
        elif ours[name] != row["deprecated"]:
            yield f"lambda: {name} ends on {ours[name]}; cfn-lint says {row['deprecated']}"


def written(tables: dict[str, list[dict[str, Any]]]) -> str:
    """The tables with one row a line."""
    blocks = (
        f"  {json.dumps(product)}: [\n"
        + ",\n".join(f"    {json.dumps({key: row[key] for key in KEYS if key in row})}" for row in rows)
        + "\n  ]"
        for product, rows in tables.items()
    )
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main() -> int:
    """Check, and rewrite if asked; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day on which tables may be stale")
    parser.add_argument("--write", action="store_true", help="put the file into its form")
    asked = parser.parse_args()
    tables = json.loads(TABLES.read_text(encoding="utf-8"))
    wrong = list(mistakes(tables))
    notes = list(differing(tables["lambda"]))
    if asked.today is not None and not wrong:
        notes += stale(tables, asked.today)
    print("\n".join(wrong + notes) or "the tables are sound")
    if asked.write and not wrong:
        TABLES.write_text(written(tables), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
