"""Compare random expressions with what `terraform console` answers: operators, functions, `for`, splats, templates.

    python benchmarks/terraform_expressions.py [--count N] [--seed N] [--depth N] [--show N] [--calm]

Needs the `terraform` binary and no provider. The signatures of the functions are asked of terraform itself. Expressions
are mostly well typed; every now and then one of another type is put in, and values that are null, unknown or sensitive.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from partywall.source import Source
from partywall.terraform import conversion, syntax
from partywall.terraform.conversion import SetOf
from partywall.terraform.expression import evaluate
from partywall.terraform.installed import Installed
from partywall.terraform.module import Module
from partywall.terraform.reader import read_expression
from partywall.terraform.run import Run
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.syntax import HclError
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Choice, Known, Setting, parts

VARIABLES = {
    "u_str": ("string", None), "u_num": ("number", None), "u_bool": ("bool", None), "u_list": ("list(string)", None),
    "u_set": ("set(string)", None), "u_map": ("map(string)", None), "u_any": ("any", None),
    "u_obj": ("object({a = string, b = number})", None), "n_str": ("string", "null"), "n_num": ("number", "null"),
    "n_list": ("list(string)", "null"), "n_map": ("map(string)", "null"), "n_any": ("any", "null"),
    "str": ("string", '"abc"'), "num": ("number", "3"), "flag": ("bool", "true"),
    "list": ("list(string)", '["a", "b", "c"]'), "nums": ("list(number)", "[3, 1, 2]"), "set": ("set(string)", '["x"]'),
    "map": ("map(string)", '{ k = "v", a = "b" }'), "empty": ("list(string)", "[]"), "none": ("map(number)", "{}"),
    "obj": ("object({a = string, b = number, c = optional(bool)})", '{ a = "x", b = 7 }'),
    "objs": ("list(object({a = string, b = number}))", '[{ a = "x", b = 1 }, { a = "y", b = 2 }]'),
    "secret": ("string", '"hush"'),
}  # fmt: skip
"""Types and defaults of the variables in sight; without a default one is unknown."""

LEFT_OUT = frozenset({
    "timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "file", "fileexists", "fileset", "filebase64",
    "templatefile", "templatestring", "abspath", "pathexpand", "base64gzip", "type", "filemd5", "filesha1",
    "filesha256", "filesha512", "filebase64sha256", "filebase64sha512", "ephemeralasnull",
})  # fmt: skip
"""Functions that hang on the machine, the clock or files."""

LEAVES = {
    "string": (
        '"a"', '"b"', '"abc"', '""', '"12"', '"true"', '"a,b"', '"ä"', '"%s-%d"', '"10.0.0.0/16"',
        "var.str", "var.u_str",
        "var.n_str", "var.secret", '"a-${var.u_str}"', '" x "', '"[1, \\"a\\"]"', '"2024-01-02T03:04:05Z"', '"1h"',
        '"k"',
    ),
    "number": ("0", "1", "2", "3", "-1", "1.5", "10", "0.1", "1e3", "var.num", "var.u_num", "var.n_num", "16"),
    "bool": ("true", "false", "var.flag", "var.u_bool"),
    "list": ("[]", '["a", "b"]', "[1, 2, 3]", '["a", 1, true]', "var.list", "var.u_list", "var.n_list", "var.nums",
             "var.empty", "var.objs", "[null]", '["a", var.u_str]', "[[1], [2, 3]]", "tolist([])"),
    "set": ("var.set", "var.u_set", 'toset(["a", "b"])', "toset([1, 2])", "toset([])"),
    "map": ("var.map", "var.u_map", "var.n_map", "var.none", 'tomap({ a = "1" })', "tomap({})"),
    "object": ("{}", '{ a = 1, b = "x" }', "{ a = 1 }", "var.obj", "var.u_obj", '{ a = null, k = ["x"] }',
               "{ k = var.u_str }"),
    "any": ("null", "var.n_any", "var.u_any"),
}  # fmt: skip
KINDS = tuple(LEAVES)
ODD = 0.03
"""How often an expression is of another kind than asked for."""

PATTERNS = ('"[a-z]+"', '"(a)(b)?"', '"(?P<x>[a-z])"', '"^.*$"', '"/a/"', '"z"')


class Generator:
    """Makes expressions of a wanted kind."""

    def __init__(self, dice: random.Random, signatures: Mapping[str, Any], *, calm: bool) -> None:
        self.dice = dice
        self.calm = calm
        self.functions: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for name, signature in sorted(signatures.items()):
            if "::" not in name and name not in LEFT_OUT:
                self.functions.setdefault(self._kind(signature["return_type"]), []).append((name, signature))

    @staticmethod
    def _kind(written: Any) -> str:
        return "any" if written == "dynamic" else written if isinstance(written, str) else str(written[0])

    def make(self, kind: str, depth: int) -> str:
        """An expression, mostly of that kind."""
        dice = self.dice
        if dice.random() < ODD:
            kind = dice.choice(KINDS)
        if depth <= 0 or dice.random() < 0.15:
            return self.leaf(kind)
        roll = dice.random()
        if roll < 0.45:
            return self.call(kind, depth)
        if roll < 0.55:
            inner = self.make(kind, depth - 1), self.make(kind, depth - 1)
            return f"({self.make('bool', depth - 1)} ? {inner[0]} : {inner[1]})"
        if roll < 0.65:
            return self.index(depth) if dice.random() < 0.5 else self.attempt(kind, depth)
        return getattr(self, f"some_{kind}")(depth)  # type: ignore[no-any-return]

    def leaf(self, kind: str) -> str:
        """A literal or a variable."""
        found = [one for one in LEAVES[kind] if not (self.calm and ("u_" in one or "secret" in one))]
        return self.dice.choice(found)

    def call(self, kind: str, depth: int) -> str:
        """A call of a function that gives that kind."""
        pool = self.functions.get(kind, []) + self.functions["any"]
        name, signature = self.dice.choice(pool)
        arguments = [self.argument(name, parameter, depth) for parameter in signature.get("parameters", ())]
        if "variadic_parameter" in signature:
            count = self.dice.choice((0, 1, 1, 2, 2, 3))
            arguments += [self.argument(name, signature["variadic_parameter"], depth) for _ in range(count)]
            if self.dice.random() < 0.05:
                arguments.append(f"{self.make('list', depth - 1)}...")
        return f"{name}({', '.join(arguments)})"

    def argument(self, name: str, parameter: Mapping[str, Any], depth: int) -> str:
        """Something for a parameter."""
        kind = self._kind(parameter["type"])
        if name.startswith("regex") and parameter["name"] == "pattern":
            return self.dice.choice(PATTERNS)
        if kind == "any":
            kind = self.dice.choice(KINDS)
            if name in {"merge", "lookup", "keys", "values"} and self.dice.random() < 0.8:
                kind = self.dice.choice(("map", "object"))
            elif name in {"concat", "flatten", "element", "slice", "one", "index", "contains", "setproduct", "reverse"}:
                kind = self.dice.choice(("list", "list", "set", kind))
        return self.make(kind, depth - 1)

    def index(self, depth: int) -> str:
        """An element or an attribute."""
        if self.dice.random() < 0.5:
            return f"{self.make('list', depth - 1)}[{self.make('number', depth - 1)}]"
        if self.dice.random() < 0.5:
            return f"{self.make('object', depth - 1)}.{self.dice.choice('abk')}"
        return f"{self.make('map', depth - 1)}[{self.make('string', depth - 1)}]"

    def attempt(self, kind: str, depth: int) -> str:
        """`try` with a second chance."""
        return f"try({self.make(self.dice.choice(KINDS), depth - 1)}, {self.make(kind, depth - 1)})"

    def some_string(self, depth: int) -> str:
        """A template."""
        if self.dice.random() < 0.3:
            arms = self.make("string", depth - 1), self.make("string", depth - 1)
            return f'"%{{ if {self.make("bool", depth - 1)} }}${{{arms[0]}}}%{{ else }}${{{arms[1]}}}%{{ endif }}"'
        if self.dice.random() < 0.2:
            return f'"%{{ for k, v in {self.make("list", depth - 1)} ~}} ${{k}}=${{v}} %{{ endfor }}"'
        return f'"p${{{self.make("string", depth - 1)}}}q${{{self.make("number", depth - 1)}}}"'

    def some_number(self, depth: int) -> str:
        """Arithmetic."""
        operator = self.dice.choice(("+", "-", "*", "/", "%"))
        return f"({self.make('number', depth - 1)} {operator} {self.make('number', depth - 1)})"

    def some_bool(self, depth: int) -> str:
        """A comparison or logic."""
        operator = self.dice.choice(("==", "!=", "<", ">=", "&&", "||", "=="))
        kind = {"<": "number", ">=": "number", "&&": "bool", "||": "bool"}.get(operator) or self.dice.choice(KINDS)
        made = f"({self.make(kind, depth - 1)} {operator} {self.make(kind, depth - 1)})"
        return f"!{made}" if self.dice.random() < 0.2 else made

    def some_list(self, depth: int) -> str:
        """A list, a `for` or a splat."""
        roll = self.dice.random()
        if roll < 0.4:
            items = [self.make(self.dice.choice(KINDS), depth - 1) for _ in range(self.dice.randrange(4))]
            return f"[{', '.join(items)}]"
        if roll < 0.6:
            collection = self.make(self.dice.choice(("list", "set", "map", "object")), depth - 1)
            return f"{collection}[*]{self.dice.choice(('', '', '.a', '[0]'))}"
        kept = f" if {self.make('bool', depth - 1)}" if self.dice.random() < 0.3 else ""
        collection = self.make(self.dice.choice(("list", "set", "map", "object")), depth - 1)
        return (
            f"[for k, v in {collection} : {self.dice.choice(('v', 'k', '[k, v]', self.make('any', depth - 1)))}{kept}]"
        )

    def some_set(self, depth: int) -> str:
        """A set of a list."""
        return f"toset({self.make('list', depth - 1)})"

    def some_map(self, depth: int) -> str:
        """A map of an object."""
        return f"tomap({self.make('object', depth - 1)})"

    def some_object(self, depth: int) -> str:
        """An object, or a `for` that makes one."""
        if self.dice.random() < 0.5:
            names = self.dice.sample(("a", "b", "k", '"x y"', f"({self.make('string', 0)})"), self.dice.randrange(4))
            return f"{{ {', '.join(f'{one} = {self.make(self.dice.choice(KINDS), depth - 1)}' for one in names)} }}"
        many = self.dice.choice(("", "..."))
        collection = self.make(self.dice.choice(("list", "set", "map", "object")), depth - 1)
        return f"{{ for k, v in {collection} : k => {self.dice.choice(('v', 'k', '[v]'))}{many} }}"

    def some_any(self, depth: int) -> str:
        """Whatever there is."""
        return self.make(self.dice.choice(KINDS[:-1]), depth - 1)


class Console:
    """`terraform console` in a directory with the variables."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        written = []
        for name, (kind, default) in VARIABLES.items():
            said = "" if default is None else f"  default = {default}\n"
            said += "  sensitive = true\n" if name == "secret" else ""
            written.append(f'variable "{name}" {{\n  type = {kind}\n{said}}}\n')
        (directory / "main.tf").write_text("".join(written), encoding="utf-8")

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """One command of terraform."""
        return subprocess.run(  # noqa: S603 - the command is ours
            ["terraform", *arguments],  # noqa: S607 - found on the path
            cwd=self.directory, input=text, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    def signatures(self) -> Mapping[str, Any]:
        """The functions and their parameters."""
        found = self.run("metadata", "functions", "-json").stdout
        return json.loads(found)["function_signatures"]  # type: ignore[no-any-return]

    def answers(self, expressions: Sequence[str]) -> list[Any]:
        """What terraform says to each: a tree of its answer, or None for an error.

        The console stops at the first error, so that it is asked first whether there is one.
        """
        made = self.run("console", text=f"[{', '.join(f'can({one})' for one in expressions)}]\n")
        if made.returncode:
            if len(expressions) == 1:
                return [None]
            half = len(expressions) // 2
            return self.answers(expressions[:half]) + self.answers(expressions[half:])
        good = ["false" not in line for line in made.stdout.strip().splitlines()[1:-1]]
        assert len(good) == len(expressions), made.stdout
        asked = [one for one, fine in zip(expressions, good, strict=True) if fine]
        said = self.run("console", text=f"[{', '.join(asked)}]\n")
        if said.returncode:
            if len(expressions) == 1:
                return [None]
            half = len(expressions) // 2
            return self.answers(expressions[:half]) + self.answers(expressions[half:])
        text = re.sub(r"^( *EOT),$", r"\1\n,", said.stdout, flags=re.MULTILINE)
        text = re.sub(r"([+-])Inf(?=,?$)", lambda found: f"({found[1].strip('+')}1 / 0)", text, flags=re.MULTILINE)
        for shown, name in _SHOWN:
            text = text.replace(shown, name)
        trees = iter(read_expression(Source("", text)).items)  # type: ignore[attr-defined]
        return [next(trees) if fine else None for fine in good]


_SHOWN = (
    ("(known after apply)", "unknown"), ("(sensitive value)", "secret"),
)  # fmt: skip
"""What the console writes and no expression is, and what we read for it."""


def ours(expression: str, module: Module) -> Setting | str:
    """Our answer, or the message of our error."""
    source = Source("x.tf", expression)
    try:
        return evaluate(read_expression(source), Scope(source, module, asks=True))
    except (EvaluationError, HclError) as error:
        return error.message


def difference(got: Setting | str, tree: Any) -> str:
    """In one word, how our answer differs; nothing where it does not. `less` and `more` is what we know."""
    if tree is None:
        return "" if isinstance(got, str) else "accepted" if isinstance(got, Known) else "accepted as unknown"
    if isinstance(got, str):
        return "refused"
    return _different(got, tree)


def _different(got: Setting, tree: Any) -> str:
    while isinstance(tree, syntax.Group):
        tree = tree.inner
    if isinstance(tree, syntax.Name):
        if tree.name == "unknown":
            return "more" if all(isinstance(one, Known) for one in parts(got)) else ""
        return "" if any(not isinstance(one, Choice) and one.sensitive for one in parts(got)) else "not sensitive"
    if not isinstance(got, Known):
        return "less"
    it = got.it
    if isinstance(it, JsonObject | JsonArray):
        return "more"
    if isinstance(tree, syntax.Call):
        inner = tree.arguments[0] if tree.arguments else None
        if tree.name in {"tolist", "toset", "tomap"}:
            if isinstance(inner, syntax.Literal):
                return "" if it is None else "null"
            wanted = {"tolist": tuple, "toset": SetOf, "tomap": Mapping}[tree.name]
            if not isinstance(it, wanted) or (tree.name == "tolist" and isinstance(it, SetOf)):
                return "type"
            return _different(got, inner)
        return "" if it is None else "null"
    if isinstance(tree, syntax.ListOf):
        if not isinstance(it, tuple) or len(it) != len(tree.items):
            return "length"
        return next(filter(None, map(_different, it, tree.items)), "")
    if isinstance(tree, syntax.ObjectOf):
        keys = [one.value if isinstance(one, syntax.Literal) else "?" for one, _ in tree.items]
        if not isinstance(it, Mapping) or sorted(it) != sorted(keys):
            return "keys"
        return next(filter(None, (_different(it[key], one[1]) for key, one in zip(keys, tree.items, strict=True))), "")
    wanted = _literal(tree)
    if isinstance(wanted, bool) or isinstance(it, bool) or wanted is None or it is None:
        return "" if it is wanted else "value"
    if isinstance(wanted, str) or isinstance(it, str):
        # The console ends a text of several lines with one more.
        return "" if isinstance(it, str) and isinstance(wanted, str) and it.rstrip() == wanted.rstrip() else "value"
    if not isinstance(it, int | float | Decimal):
        return "value"
    return "" if conversion.text_of(it) == conversion.text_of(wanted) else "value"


def _literal(tree: Any) -> Any:
    if isinstance(tree, syntax.Literal):
        return tree.value
    source = Source("", "")
    return evaluate(tree, Scope(source, None)).it  # type: ignore[arg-type, union-attr]


def main(arguments: Sequence[str]) -> int:
    """Ask both, print the differences and how many there are of each sort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--show", type=int, default=10, help="how many of each sort to print")
    parser.add_argument("--calm", action="store_true", help="no unknown and no sensitive values")
    parser.add_argument("--only", default="", help="only expressions that hold this text")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as work:
        console = Console(Path(work))
        dice = random.Random(options.seed)  # noqa: S311 - a sample
        generator = Generator(dice, console.signatures(), calm=options.calm)
        run = Run(work, work, None, Installed(work, work))
        module = Module(run, run.configuration(work))
        expressions = []
        while len(expressions) < options.count:
            made = generator.make(dice.choice(KINDS), options.depth)
            if re.search(re.escape(options.only), made):
                expressions.append(made)
        found: dict[str, list[str]] = {}
        sorts: Counter[str] = Counter()
        for start in range(0, len(expressions), 200):
            batch = expressions[start : start + 200]
            for expression, tree in zip(batch, console.answers(batch), strict=True):
                got = ours(expression, module)
                sort = difference(got, tree) or "equal"
                sorts["both refuse" if sort == "equal" and tree is None else sort] += 1
                if sort != "equal":
                    shown = got if isinstance(got, str) else _shown(got)
                    found.setdefault(sort, []).append(f"{expression}\n      ours: {shown}")
    for sort, lines in sorted(found.items()):
        print(f"\n{sort}: {len(lines)}")
        print("\n".join(f"  {line}" for line in sorted(lines, key=len)[: options.show]))
    print(", ".join(f"{sort} {count}" for sort, count in sorted(sorts.items())), f"of {len(expressions)}")
    return 0


def _shown(value: Setting) -> str:
    """A value as an expression, roughly."""
    if not isinstance(value, Known):
        return "unknown" if not isinstance(value, Choice) else "choice"
    it = value.it
    if isinstance(it, tuple):
        return f"[{', '.join(map(_shown, it))}]"
    if isinstance(it, Mapping):
        return "{" + ", ".join(f"{key} = {_shown(one)}" for key, one in it.items()) + "}"
    return "null" if it is None else json.dumps(it) if isinstance(it, str | bool) else str(it)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
