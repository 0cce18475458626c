"""Lines of the sources as reports show them: what secrets there are is covered up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partywall import source
from partywall.check import Report
from partywall.report.covered import MAX_LINE, covered, whole_lines
from partywall.source import Span, UnreadableError
from partywall.value import SENSITIVE

_COVERED = re.compile(r"[^\s\"']")


class Lines:
    """The lines of the files that excerpts are taken from, each file read once; secrets in them are covered up."""

    def __init__(self, secrets: Iterable[Span]) -> None:
        self._files: dict[str, list[str]] = {}
        self._secrets: dict[str, list[Span]] = {}
        for span in secrets:
            self._secrets.setdefault(span.path, []).append(span)

    @classmethod
    def of(cls, report: Report) -> Lines:
        """The lines that the findings of a report point to."""
        secrets = (it for it in report.findings if it.rule.secret and it.verdict == "gap")
        untold = (it for it in report.findings if any(SENSITIVE in reason.text for reason in it.because))
        return cls(
            [
                *(span for it in secrets for span in (it.span, *(reason.span for reason in it.because))),
                *(whole_lines(it.span) for it in untold),
            ]
        )

    def at(self, path: str, number: int) -> str | None:
        """One line; None where it cannot be read, and for one that no person wrote."""
        if path not in self._files:
            try:
                self._files[path] = source.read(path, limit=source.MOST_BYTES).text.split("\n")
            except UnreadableError:
                self._files[path] = []
        lines = self._files[path]
        if not 0 < number <= len(lines) or len(lines[number - 1]) > MAX_LINE:
            return None
        text = covered(lines, number - 1)
        for span in self._secrets.get(path, ()):
            if span.line <= number <= span.end_line:
                begin = span.column - 1 if number == span.line else 0
                end = span.end_column - 1 if number == span.end_line else len(text)
                text = text[:begin] + _COVERED.sub("*", text[begin:end]) + text[end:]
        return text
