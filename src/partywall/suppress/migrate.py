"""Other tools' comments rewritten as ours: the same gaps accepted, for the same reason, until the same day."""

from __future__ import annotations

from collections.abc import Iterable

from partywall.immutable import immutable
from partywall.source import Source
from partywall.suppress.mark import Mark


@immutable()
class Rewritten:
    """A file's text after the migration, and how many comments became ours."""

    text: str
    count: int


def migrated(source: Source, marks: Iterable[Mark]) -> Rewritten:
    """Put a comment of ours above what each comment of another tool speaks of, and take that one away.

    Comments that stand for none of our rules stay: somebody else reads them. So do marks in metadata.
    """
    lines = source.text.split("\n")
    above: dict[int, list[str]] = {}
    gone: set[int] = set()
    count = 0
    for mark in marks:
        line = lines[mark.span.line - 1] if 0 < mark.span.line <= len(lines) else ""
        comment = line[mark.span.column - 1 :]
        if not mark.peer or not mark.rules or mark.whole or not comment.startswith(("#", "//")):
            continue
        header = lines[mark.holds.line - 1]
        indent = header[: len(header) - len(header.lstrip())]
        above.setdefault(mark.holds.line, []).append(f"{indent}{_comment(mark)}")
        before = line[: mark.span.column - 1].rstrip()
        if before:
            lines[mark.span.line - 1] = before
        else:
            gone.add(mark.span.line)
        count += 1
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        out += above.get(number, ())
        if number not in gone:
            out.append(line)
    return Rewritten("\n".join(out), count)


def _comment(mark: Mark) -> str:
    until = f", until {mark.until}" if mark.until is not None else ""
    return f"# partywall: ignore[{', '.join(sorted(mark.rules))}] {mark.reason}{until}"
