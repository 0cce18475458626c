"""Whatever happens to files, a run ends soon and says what it could not lint: a long test, by hand.

    python benchmarks/mutate.py [--seconds N] [--seed N] [--keep DIRECTORY] PATH...

Takes a deployment below the paths at random, copies it into a directory of its own, damages it, and makes a run with
reports in all formats. What counts as found: an exception, a problem of kind `internal`, a run beyond ten seconds or a
gigabyte, a file opened outside the project, a process or a socket, and a file that nobody mentions. Each is kept with
its damage, so that it can become a test.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import faulthandler
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from partywall import baseline, catalog, configuration, discover
from partywall.check import Report, check
from partywall.configuration import ConfigurationError, Settings
from partywall.report import FORMATS, renderer
from partywall.report.style import Style
from partywall.terraform.files import is_configuration

TODAY = datetime.date(2026, 1, 1)
SUFFIXES = (".tf", ".tf.json", ".tfvars", ".yaml", ".yml", ".json", ".template", ".tofu")
MAX_FILES = 40
MAX_SECONDS = 10
"""Of a processor, since other work on the machine is nobody's fault."""
MAX_WAITING = 120
"""On the clock, for a run that waits instead of working."""
MAX_MEGABYTES = 1024
EXPLICIT = "variables.tfvars"

Damage = Callable[[bytes, random.Random], bytes]


class TooSlowError(Exception):
    """A run that takes longer than it may."""


# What happens to the content of a file.


def truncated(data: bytes, dice: random.Random) -> bytes:
    """It ends somewhere."""
    return data[: dice.randrange(len(data) + 1)]


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bits are others."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 3, 20))):
        if made:
            made[dice.randrange(len(made))] ^= 1 << dice.randrange(8)
    return bytes(made)


def cut(data: bytes, dice: random.Random) -> bytes:
    """A piece is missing."""
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.choice((1, 5, 40, 400)) :]


def doubled(data: bytes, dice: random.Random) -> bytes:
    """A piece is there twice, or a hundred times."""
    at = dice.randrange(len(data) + 1)
    piece = data[at : at + dice.choice((1, 10, 100, 1000))]
    return data[:at] + piece * dice.choice((2, 2, 100)) + data[at:]


def recoded(data: bytes, dice: random.Random) -> bytes:
    """Another encoding, or a byte order mark."""
    text = data.decode("utf-8", "replace") + dice.choice(("", "# é"))
    coding = dice.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig", "cp500"))
    return text.encode(coding, "replace")


def swapped_lines(data: bytes, dice: random.Random) -> bytes:
    """Lines, or blocks of lines, in another order."""
    lines = data.split(b"\n")
    for _ in range(dice.choice((1, 3))):
        a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
        size = dice.choice((1, 1, 8))
        lines[a : a + size], lines[b : b + size] = lines[b : b + size], lines[a : a + size]
    return b"\n".join(lines)


_TAG = re.compile(rb'![A-Z][A-Za-z:]+|Fn::[A-Z]\w+|\bRef\b|AWS::\w+::\w+|\baws_\w+|^\w+(?= ")', re.MULTILINE)


def retagged(data: bytes, dice: random.Random) -> bytes:
    """Tags, functions and types of the file in each other's places."""
    found = sorted({match[0] for match in _TAG.finditer(data)})
    others = dict(zip(found, dice.sample(found, len(found)), strict=True))
    often = dice.choice((0.05, 0.5, 1))
    return _TAG.sub(lambda match: others[match[0]] if dice.random() < often else match[0], data)


_WORD = re.compile(rb'"[^"\n]{0,80}"|[A-Za-z_][\w:.-]{0,60}|-?\d+|[{}\[\]()!&*|>]')
ODD = [
    b"9" * 30, b"9" * 5000, b"-1", b"1e400", b"1e9999", b"0x10", b"\xc2\xb2", b"\xd9\xa3", b"NaN", b".inf", b"null",
    b"true", b'""', b'"\\ud800"', b'"\\u0000"', b"\0", b'"' + b"x" * 100_000 + b'"', b"[]", b"{}", b"[{}]", b'"*"',
    b'"0.0.0.0/0"', b'"::/0"', b'"10.0.0.0/99"', b'"${"', b'"%{"', b'"${self.x}"', b"var.x", b"local.x", b"each.value",
    b"count.index", b"data.x.y.z", b"!Ref X", b"!If [A, B, C]", b"!Sub '${A}'", b'{"Ref": "X"}',
    b'{"Fn::If": ["C", 1]}',
    b"!GetAtt A.B", b"!Select [99999999999999999999, []]", b"<<: *a", b"&a [*a]", b"*a", b"---", b"? x", b"%YAML 9.9",
    b"<<EOT", b"EOT", b"/*", b"*/", b"dynamic \"x\" { for_each = x }", b"for_each = {}", b"count = 0", b"count = 1e9",
    b"[for a in b : a...]", b"a ? b : c", b"\xe2\x80\xa8", b"\r", b"\t",
]  # fmt: skip


def reworded(data: bytes, dice: random.Random) -> bytes:
    """Words of the file, and odd ones, in each other's places."""
    found = list(_WORD.finditer(data))
    if not found:
        return data
    made = []
    last = 0
    for at in sorted(dice.sample(range(len(found)), min(len(found), dice.choice((1, 2, 6))))):
        new = dice.choice(ODD) if dice.random() < 0.6 else dice.choice(found)[0]
        made += [data[last : found[at].start()], new]
        last = found[at].end()
    return b"".join((*made, data[last:]))


def nested(data: bytes, dice: random.Random) -> bytes:
    """A value deep inside of others."""
    before, after = dice.choice(
        (
            (b"[", b"]"), (b"{a:", b"}"), (b'{"a":', b"}"), (b"(", b")"), (b"${", b"}"), (b'"${', b'}"'), (b"- ", b""),
            (b"!If [A, ", b"]"), (b'{"Fn::Join": ["", [', b"]]}"), (b"- - ", b""), (b"a {\n", b"\n}"), (b"!", b""),
            (b"-", b""), (b"f(", b")"), (b"a ? ", b" : b"), (b"{ a = ", b" }"), (b"!Sub ['${A}', {A: ", b"}]"),
        )
    )  # fmt: skip
    depth = dice.choice((10, 90, 1000, 20_000))
    found = list(_WORD.finditer(data))
    if not found:
        return before * depth + after * depth
    match = dice.choice(found)
    return data[: match.start()] + before * depth + match[0] + after * depth + data[match.end() :]


def circular(data: bytes, dice: random.Random) -> bytes:
    """A name that stands for what it is part of."""
    text = data.decode("utf-8", "replace")
    names = re.findall(r"^\s*([A-Za-z]\w*)\s*[=:]", text, re.MULTILINE) or ["x"]
    a, b = dice.choice(names), dice.choice(names)
    more = dice.choice(
        (
            f"\nlocals {{\n  {a} = local.{b}\n  {b} = [local.{a}]\n}}\n",
            '\nmodule "again" {\n  source = "./."\n}\n',
            '\nmodule "again" {\n  source = "../' + "x/../" * 30 + '"\n}\n',
            f'\nresource "aws_s3_bucket" "{a}" {{\n  bucket = aws_s3_bucket.{b}.id\n}}\n'
            f'resource "aws_s3_bucket" "{b}" {{\n  bucket = aws_s3_bucket.{a}.id\n}}\n',
            f"\nConditions:\n  {a}: !Not [!Condition {b}]\n  {b}: !And [!Condition {a}, !Condition {b}]\n",
            f"\nResources:\n  {a}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: ./a.yaml}}}}\n"
            f"  {b}: {{Type: AWS::EC2::Volume, DependsOn: {a}, Properties: {{Size: !GetAtt {b}.Size}}}}\n",
            "\nTransform: {Name: AWS::Include, Parameters: {Location: ./a.yaml}}\n",
            f'\nresource "aws_security_group" "{a}" {{\n  ingress {{\n'
            f"    security_groups = [aws_security_group.{b}.id]\n  }}\n}}\n",
        )
    )  # fmt: skip
    return (text + more).encode()


CONTENT: tuple[Damage, ...] = (
    truncated, flipped, cut, doubled, recoded, swapped_lines, retagged, reworded, reworded, reworded, reworded, nested,
    circular,
)  # fmt: skip


# What happens to a file as such.


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


def _directory(path: Path) -> None:
    path.mkdir()
    (path / "main.tf").write_text('resource "aws_ebs_volume" "v" {\n  size = 1\n}\n', encoding="utf-8")


def _loop(path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        (path.parent / "loop.tf").symlink_to(".")


PLACE: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("a directory", _replaced(_directory)),
    ("a pipe", _replaced(os.mkfifo)),
    ("a device", _replaced(lambda path: path.symlink_to("/dev/zero"))),
    ("a link to nowhere", _replaced(lambda path: path.symlink_to("absent"))),
    ("a link to itself", _replaced(lambda path: path.symlink_to(path.name))),
    ("a link out of the project", _replaced(lambda path: path.symlink_to("/etc/passwd"))),
    ("a directory linked to itself", _loop),
    ("an odd name", lambda path: path.rename(path.with_name("\udce9\n\x1b[1m" + path.name))),
    ("empty", lambda path: path.write_bytes(b"") and None),
    ("unreadable", lambda path: path.chmod(0)),
    ("vanishing", lambda path: _watch.vanishing.add(str(path))),
)


@dataclass
class _Watch:
    """What the interpreter is seen to do while a run lasts."""

    project: str = ""
    active: bool = False
    vanishing: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.active:
            return
        if event == "open":
            path = os.path.abspath(os.fsdecode(arguments[0])) if isinstance(arguments[0], str | bytes) else ""
            if path in self.vanishing:
                self.vanishing.discard(path)
                self.active = False
                with contextlib.suppress(OSError):
                    os.unlink(path)
                self.active = True
            real = os.path.realpath(path)
            if not real.startswith((self.project, sys.prefix, sys.base_prefix, *_CODE)):
                self.seen.append(f"opened {real}")
        elif event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "os.fork", "os.posix_spawn", "pty.")):
            self.seen.append(event)


_CODE = tuple(os.path.realpath(Path(__file__).resolve().parents[1] / name) for name in ("src", "rules"))
_watch = _Watch()


@dataclass(frozen=True)
class Case:
    """Files laid out for one run, what was done to them, and how the run is made."""

    directory: Path
    damage: tuple[str, ...]
    settings: Settings
    paths: tuple[str, ...]


def origins(tops: list[str]) -> list[Path]:
    """The directories below some paths that hold something to lint."""
    found = {path.parent for top in tops for path in Path(top).rglob("*") if path.name.endswith(SUFFIXES)}
    return sorted(found)


def laid_out(origin: Path, directory: Path, dice: random.Random) -> list[Path]:
    """A copy of the files of a directory, and sometimes of the modules below it."""
    files = sorted(path for path in origin.rglob("*") if path.is_file() and path.stat().st_size < 300_000)
    near = [path for path in files if path.parent == origin]
    chosen = files if len(files) < MAX_FILES and dice.random() < 0.3 else near
    if len(chosen) > MAX_FILES:
        chosen = dice.sample(chosen, MAX_FILES)
    if not origin.name.endswith("tf") and not any(is_configuration(path.name) for path in chosen):
        chosen = dice.sample(chosen, min(len(chosen), 3))
    made = []
    for path in chosen:
        target = directory / path.relative_to(origin)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        made.append(target)
    return made


def prepared(origin: Path, directory: Path, dice: random.Random) -> Case | None:
    """Lay out and damage one deployment."""
    (directory / ".git").mkdir()
    files = [path for path in laid_out(origin, directory, dice) if path.name.endswith(SUFFIXES)]
    if not files:
        return None
    done = []
    (directory / "partywall.toml").write_text(
        'exclude = ["x"]\n[environments.prod.variables]\na = "1"\n', encoding="utf-8"
    )
    (directory / EXPLICIT).write_text('a = "b"\n', encoding="utf-8")
    (directory / "parameters.json").write_text('{"Parameters": {"A": "b"}}', encoding="utf-8")
    (directory / "baseline.json").write_text(baseline.written({}), encoding="utf-8")
    given = [directory / name for name in ("partywall.toml", EXPLICIT, "parameters.json", "baseline.json")]
    for _ in range(dice.choice((1, 1, 2, 4))):
        path = dice.choice(given) if dice.random() < 0.05 else dice.choice(files)
        if not path.is_file() or path.is_symlink():
            continue
        if path not in given and dice.random() < 0.12:
            name, change = dice.choice(PLACE)
            change(path)
            done.append(f"{path.relative_to(directory)!s}: {name}")
        else:
            damage = dice.choice(CONTENT)
            path.write_bytes(damage(path.read_bytes(), dice))
            done.append(f"{path.relative_to(directory)!s}: {damage.__name__}")
    settings = Settings()
    with contextlib.suppress(ConfigurationError):
        settings = configuration.read(str(directory / "partywall.toml"))
    if dice.random() < 0.1:
        inputs = replace(
            settings.inputs,
            variable_files=(str(directory / EXPLICIT),),
            parameter_files=(str(directory / "parameters.json"),),
        )
        settings = replace(settings, inputs=inputs)
    paths = (str(directory),) if dice.random() < 0.9 else tuple(str(path) for path in files if not path.is_symlink())
    return Case(directory, tuple(done), settings, paths)


@contextlib.contextmanager
def bounded(*, rights: bool) -> Iterator[None]:
    """No longer than it may, and with nobody's rights where root's would not be enough of a test."""

    def late(*_: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGPROF, late)
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    signal.alarm(MAX_WAITING)
    if not rights and os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        if os.getuid() == 0:
            os.seteuid(0)


def unmentioned(case: Case, report: Report) -> Iterator[str]:
    """Configuration that is neither read nor named as not read."""
    told = {os.path.abspath(path) for path in (*report.files, *(it.span.path for it in report.problems))}
    for path in case.directory.rglob("*"):
        name = path.name
        if is_configuration(name) and not path.is_dir() and os.path.abspath(path) not in told:
            calls = "no longer there" if not os.path.lexists(path) else ""
            if not calls and not discover.SKIPPED.intersection(path.parts):
                yield str(path.relative_to(case.directory))


def ran(case: Case) -> list[str]:
    """Make the run; what is wrong with it."""
    found: list[str] = []
    _watch.project, _watch.seen = str(case.directory), []
    _watch.active = True
    try:
        with bounded(rights=not any("unreadable" in one for one in case.damage)):
            report = check(case.paths, case.settings, RULES, TODAY)
            with contextlib.suppress(baseline.BaselineError):
                report = baseline.compared(report, baseline.read(str(case.directory / "baseline.json")), "before")
            baseline.of(report)
            for form in FORMATS:
                renderer(form)(report, configuration.SHOWN, Style()).encode("utf-8", "backslashreplace")
    except TooSlowError:
        return [f"beyond {MAX_SECONDS} s\n{traceback.format_exc(limit=-12)}"]
    except Exception:  # noqa: BLE001 - what is looked for
        return [traceback.format_exc(limit=-12)]
    finally:
        _watch.active = False
        _watch.vanishing.clear()
    found += [f"{it.span.path}:{it.span.line}: {it.message}" for it in report.problems if it.kind == "internal"]
    found += _watch.seen
    if case.paths == (str(case.directory),):
        found += [f"nobody mentions {path}" for path in unmentioned(case, report)]
    return found


def main() -> None:
    """Run until the time is up or somebody stops it, then count."""
    wanted = argparse.ArgumentParser()
    wanted.add_argument("paths", nargs="+")
    wanted.add_argument("--seconds", type=float, default=60)
    wanted.add_argument("--seed", type=int, default=0)
    wanted.add_argument("--keep", default="mutated")
    given = wanted.parse_args()
    faulthandler.enable()
    for name in FORMATS:  # Before anything is watched, and while all may be read.
        renderer(name)(check([str(EXAMPLE)], Settings(), RULES, TODAY), configuration.SHOWN, Style())
    sys.addaudithook(_watch.hook)
    places = origins(given.paths)
    tally: Counter[str] = Counter()
    began, number, slowest = time.process_time(), given.seed, (0.0, "")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(KeyboardInterrupt):
        while time.process_time() - began < given.seconds:
            number += 1
            dice = random.Random(number)  # noqa: S311 - no secret
            with tempfile.TemporaryDirectory(prefix="mutate-") as made:
                directory = Path(os.path.realpath(made))
                directory.chmod(0o755)
                case = prepared(dice.choice(places), directory, dice)
                if case is None:
                    continue
                tally["inputs"] += 1
                start = time.process_time()
                found = ran(case)
                slowest = max(slowest, (time.process_time() - start, f"seed {number}: {case.damage}"))
                now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                if now - memory > 200_000 or now > MAX_MEGABYTES * 1024 > memory:
                    found.append(f"memory grew from {memory // 1024} to {now // 1024} MB")
                memory = max(memory, now)
                for one in found:
                    tally["found"] += 1
                    print(f"seed {number}: {', '.join(case.damage)}\n{one}\n", flush=True)
                if found:
                    with contextlib.suppress(shutil.Error):
                        shutil.copytree(
                            directory, Path(given.keep) / str(number), symlinks=True, dirs_exist_ok=True, ignore=_pipes
                        )
    spent = time.process_time() - began
    print(f"{tally['inputs']} inputs in {spent / 3600:.2f} processor hours, {tally['found']} found")
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]}), at most {memory // 1024} MB (allowed: {MAX_MEGABYTES})")


def _pipes(directory: str, names: list[str]) -> list[str]:
    return [name for name in names if not (Path(directory) / name).is_file()]


RULES = catalog.rules()
EXAMPLE = Path(__file__).resolve().parents[1] / "fixtures" / "example"

if __name__ == "__main__":
    main()
