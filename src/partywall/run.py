"""Many targets: those that nothing changed for are known already, the others are linted side by side."""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import cached_property

from partywall import catalog, collector, frozen, source
from partywall.cache import NOTHING, Cache, Data
from partywall.configuration import Settings
from partywall.discover import Target
from partywall.immutable import immutable
from partywall.lint import Given, Linted, failed, lint, whole
from partywall.problem import Problem
from partywall.rule import Rule

FEW = 8
"""Fewer targets than this are done before other processes have started."""

Told = Callable[[int, str], None]
"""Told after each target how many are done, and which one that was."""


@immutable(slots=False)
class Work:
    """All that the findings of a target hang on, beside its files. `met` says that reasons of met duties are wanted."""

    given: Sequence[Given]
    settings: Settings
    selected: Sequence[Rule]
    rules: Sequence[Rule]
    today: datetime.date
    ignores: bool
    met: bool

    def done(self, target: Target) -> Data:
        """The plain data of a target; empty for a file that is no template."""
        made = lint(target, self.given, self.settings, self.selected, self.rules, self.today, ignores=self.ignores)
        return [] if made is None else frozen.freeze(made, met=self.met)

    @cached_property
    def question(self) -> tuple[object, ...]:
        """What is asked for, apart from the target."""
        chosen = [(rule.id, int(rule.severity)) for rule in self.selected]
        everything = [rule.id for rule in self.rules]
        return (
            os.getcwd(), self.today, self.ignores, self.met, chosen, everything, self.settings.ignores,
            sorted(self.settings.accounts), self.settings.trusted_ranges, _code(self.rules),
            [(one.environment, one.inputs, sorted(one.parameters.items())) for one in self.given],
        )  # fmt: skip


def _code(rules: Sequence[Rule]) -> list[object]:
    """What tells changed code apart where its version does not: rules of others, and a checkout of our own."""
    others = {rule.module for rule in rules if not rule.module.startswith(f"{catalog.OURS}.")}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in others}
    return [*catalog.stamp(), *((path, os.stat(path).st_mtime_ns) for path in sorted(filter(None, files)))]


@immutable(slots=False)
class Means:
    """What a run may use: results of earlier runs, and so many processes."""

    cache: Cache = NOTHING
    jobs: int = 1


def run(targets: Sequence[Target], work: Work, means: Means, told: Told) -> list[Linted]:
    """The deployments of some targets, in their order, however many processes made them."""
    cache = means.cache
    rules = frozen.by_id(work.selected)
    results: dict[int, Linted | None] = {}
    questions: dict[int, tuple[object, ...]] = {}
    for number, target in enumerate(targets) if cache.directory else ():
        questions[number] = (*work.question, _asked(target))
        with contextlib.suppress(KeyError, TypeError, ValueError):  # of a broken entry, which is no entry
            kept = cache.get(*questions[number])
            if kept is not None:
                results[number] = frozen.thaw(kept, rules) if kept else None
                told(len(results), target.path)
    left = [number for number in range(len(targets)) if number not in results]
    row = _Row(targets, work, bool(cache.directory))
    with collector.paused():
        for number, made, facts in _made(row, left, means.jobs):
            results[number] = frozen.thaw(made, rules) if made else None
            if facts is not None:
                cache.put(made, facts, *questions[number])
            told(len(results), targets[number].path)
    if left:
        cache.trim()
    return [one for number in range(len(targets)) if (one := results[number]) is not None]


def _asked(target: Target) -> tuple[object, ...]:
    survey = target.survey
    around = (survey.given(target.path), target.around()) if survey is not None else ()
    return (target.dialect, os.path.abspath(target.path), os.path.abspath(target.project), sorted(target.named), around)


Made = tuple[int, Data, list[source.Asked] | None]
"""A target's number, its plain data, and what that rests on; None where it is not to be kept."""


@immutable(slots=False)
class _Row:
    """The targets in a row, and whether what each rests on is to be `kept` with it.

    `digests` are those of files that many targets rest on, as each process read them.
    """

    targets: Sequence[Target]
    work: Work
    kept: bool
    digests: dict[str, str] = field(default_factory=dict)

    def made(self, number: int) -> Made:
        """What comes of one target, and what that rests on."""
        target = self.targets[number]
        collector.bound()
        if not self.kept:
            return number, self.work.done(target), None
        with source.recorded() as facts:
            data = self.work.done(target)
            for path in target.around():
                source.rest_on(path, self.digests)
        return number, data, list(facts)

    def lost(self, number: int) -> Made:
        """A target that ends every process that reads it."""
        target = self.targets[number]
        said = "the process that read this was ended, perhaps for want of memory"
        return number, frozen.freeze(failed(target, Problem(whole(target), "internal", said)), met=False), None


def _made(row: _Row, numbers: Sequence[int], jobs: int) -> Iterator[Made]:
    if jobs < 2 or len(numbers) < FEW or not hasattr(os, "fork"):
        yield from map(row.made, numbers)
        return
    for rule in row.work.selected:
        rule.body()  # Imported once here, instead of once in every process.
    _shared["row"] = row
    left = dict.fromkeys(numbers)
    for one in _side_by_side(numbers, jobs):
        del left[one[0]]
        yield one
    for number in left:  # A process was ended, and nobody can tell by which of these: each is tried alone.
        yield next(_side_by_side([number], 1), None) or row.lost(number)


def _side_by_side(numbers: Sequence[int], jobs: int) -> Iterator[Made]:
    """What comes of some targets, as it comes; nothing more once a process was ended, as it is for want of memory."""
    # Their import costs what a small target does.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    others = multiprocessing.active_children()
    # Forked processes have the targets and the rules already; what they send back is plain data.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(jobs, len(numbers)), fork, _ignore_interrupts) as pool:
        try:
            for one in as_completed(pool.submit(_shared_one, number) for number in numbers):
                if not isinstance(one.exception(), BrokenProcessPool):
                    yield one.result()
        except BrokenProcessPool:
            return
        except BaseException:  # Nobody waits any more, but the pool would.
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            raise


_shared: dict[str, _Row] = {}


def _ignore_interrupts() -> None:
    """Ctrl-C is for the first process, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _shared_one(number: int) -> Made:
    return _shared["row"].made(number)
