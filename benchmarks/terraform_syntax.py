"""Compare what we accept as syntax with what `terraform fmt` accepts, on damaged files.

    python benchmarks/terraform_syntax.py [--count N] [--seed N] [--show N] PATH...

Takes `.tf` files below the paths at random, damages one stretch of each, and asks both. Of the errors of both, the line
is compared too.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from partywall.source import Source
from partywall.terraform.reader import read_body

MOST_CHARACTERS = 6_000
MARKS = (
    "{", "}", "[", "]", "(", ")", '"', "=", "==", "?", ":", ",", ".", "...", "${", "%{", "~", "\\", "\n", " ", "#",
    "//", "/*", "*/", "<<EOT\n", "<<-EOT\n", "EOT\n", "for", "if", "=>", "&&", "!", "-", "0", "1.5", "1e", "0x1", "[*]",
    ".*", "null", "a", "a-b", "é", "'", ";", "@", "$", "%", "::", "a::b(", "\t", "\r\n", "\ufeff", "...)", "}}",
    "$${", "%%{", "\\u00e9", "\\x", "${~", "~}", "`", "|", "&", "^", "<", ">", "+", "*", "/", "1_000", ".5", "5.",
)  # fmt: skip


def damaged(text: str, dice: random.Random) -> str:
    """A text with one small accident."""
    at = dice.randrange(len(text) + 1)
    end = min(at + dice.choice((1, 1, 2, 5, 20)), len(text))
    words = list(re.finditer(r"[\w-]+|\S", text))
    word = dice.choice(words) if words else None
    roll = dice.random()
    if roll < 0.35 and word is not None:
        where = word.start() if dice.random() < 0.5 else word.end()
        return text[:where] + dice.choice(MARKS) + text[where:]
    if roll < 0.55:
        return text[:at] + dice.choice(MARKS) + text[at:]
    if roll < 0.75 and word is not None:
        return text[: word.start()] + text[word.end() :]
    if roll < 0.85 and word is not None:
        return text[: word.start()] + dice.choice(MARKS) + text[word.end() :]
    if roll < 0.95:
        return text[:at] + text[end:]
    return text[:at] + text[at:end] * 2 + text[end:]


def theirs(text: str) -> tuple[list[int], str]:
    """The lines of the errors that terraform finds, and what it says."""
    made = subprocess.run(
        ["terraform", "fmt", "-no-color", "-"],  # noqa: S607 - found on the path
        input=text.encode(), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    if not made.returncode:
        return [], ""
    said = made.stderr.decode(errors="replace")
    lines = [int(line) for line in re.findall(r"on <stdin> line (\d+)", said)]
    titles = re.findall(r"^Error: (.*)$", said, re.MULTILINE)
    return lines or [0], "; ".join(dict.fromkeys(titles))


def main(arguments: Sequence[str]) -> int:
    """Damage, ask both, print where they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args(arguments)
    dice = random.Random(options.seed)  # noqa: S311 - a sample
    files = sorted(file for path in options.paths for file in path.rglob("*.tf"))
    texts = [file.read_text(encoding="utf-8", errors="ignore") for file in files]
    texts = [text for text in texts if 0 < len(text) <= MOST_CHARACTERS]
    outcomes: Counter[str] = Counter()
    shown: dict[str, list[str]] = {}
    for _ in range(options.count):
        text = damaged(dice.choice(texts), dice)
        source = Source("x.tf", text)
        ours = [(source.position(one.offset)[0], one.message) for one in read_body(source)[1]]
        lines, said = theirs(text)
        if bool(ours) is bool(lines):
            outcome = "both accept" if not ours else "same line" if ours[0][0] in lines else "other line"
        else:
            outcome = "we refuse" if ours else "we accept"
        outcomes[outcome] += 1
        if outcome in {"we refuse", "we accept", "other line"}:
            around = lines[0] if lines and lines[0] else ours[0][0] if ours else 1
            excerpt = "\n".join(f"    |{line}" for line in text.split("\n")[max(around - 2, 0) : around + 1])
            shown.setdefault(outcome, []).append(f"  theirs {lines[:2]} {said!r}, ours {ours[:2]}\n{excerpt}")
    for outcome, cases in sorted(shown.items()):
        print(f"\n{outcome}: {len(cases)}")
        print("\n".join(cases[: options.show]))
    print(", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
