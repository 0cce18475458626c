"""Loops, snippets and macros."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cloudformation.reading import load, messages, resource, told

HEAD = """\
Transform: AWS::LanguageExtensions
Parameters:
  Open: {Type: CommaDelimitedList}
  Two: {Type: CommaDelimitedList, Default: 'a-1,b.2'}
"""


def addresses(text: str, directory: Path) -> list[str]:
    return [it.address for it in load(directory, text).resources if it.is_resource]


LOOPS = [
    ("[x, y]", "Sg${N}", ["Sgx", "Sgy"]),
    ("!Ref Two", "Sg&{N}", ["Sga1", "Sgb2"]),
    ("!Ref Two", "Sg${N}", ["Sga-1", "Sgb.2"]),
    ("[]", "Sg${N}", []),
    ("[x, !Select [1, !Ref Two]]", "Sg${N}", ["Sgx", "Sgb.2"]),
    ("!FindInMap [M, a, l]", "Sg${N}", ["Sgp", "Sgq"]),
    ("!Ref Open", "Sg${N}", ["Sg${N}"]),
    ("[x, !Ref Open]", "Sg${N}", ["Sgx", "Sg${N}"]),
    ("[x, !Ref 'AWS::NoValue']", "Sg${N}", ["Sgx"]),
    ("[x, {a: b}]", "Sg${N}", ["Sgx", "Sg${N}"]),
]


@pytest.mark.parametrize(("collection", "key", "expected"), LOOPS)
def test_a_loop_over_resources(collection: str, key: str, expected: list[str], tmp_path: Path) -> None:
    text = (
        f"{HEAD}Mappings: {{M: {{a: {{l: [p, q]}}}}}}\nResources:\n"
        f"  Fn::ForEach::Groups:\n    - N\n    - {collection}\n"
        f"    - {key}: {{Type: 'A::B::C', Properties: {{P: !Ref N, Q: !Sub 'x-${{N}}', R: 'y-${{N}}'}}}}\n"
    )
    assert addresses(text, tmp_path) == expected


def test_copies_have_the_place_of_their_body_and_their_own_values(tmp_path: Path) -> None:
    text = (
        f"{HEAD}Resources:\n  Fn::ForEach::Groups:\n    - N\n    - [x, y]\n    - Sg${{N}}:\n        Type: A::B::C\n"
        "        Properties:\n          P: !Ref N\n          Q: !Sub '${N}-${AWS::Region}'\n          R: {Ref: N}\n"
        "          S: !GetAtt 'Sg${N}.Arn'\n          Open: !Ref Open\n"
    )
    deployment = load(tmp_path, text)
    for name in ("x", "y"):
        made = resource(deployment, f"Sg{name}")
        assert made.span.line == 9
        assert {key: told(value) for key, value in made.attributes.items()} == {
            "P": name,
            "Q": f"{name}-?",
            "R": name,
            "S": "?set by AWS at creation",
            "Open": "?parameter Open has no default",
        }
        assert made.attributes["P"].span.line == 12
        (reference,) = made.attributes["S"].references
        assert reference.address == f"Sg{name}"
    assert messages(deployment) == []


def test_an_unknown_identifier_leaves_holes(tmp_path: Path) -> None:
    text = (
        f"{HEAD}Resources:\n  Fn::ForEach::Groups:\n    - N\n    - !Ref Open\n    - Sg${{N}}:\n        Type: A::B::C\n"
        "        Properties: {P: !Ref N, Q: !Sub '${N}/0'}\n"
    )
    made = resource(load(tmp_path, text), "Sg${N}")
    assert told(made.attributes["P"]) == "?N is not known: parameter Open has no default"
    assert told(made.attributes["Q"]) == "?/0"


CHOSEN = """\
Transform: AWS::LanguageExtensions
Parameters:
  Tiers: {Type: CommaDelimitedList, AllowedValues: ['edge,core', 'edge']}
  Env: {Type: String, AllowedValues: [prod, dev]}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Mappings:
  M: {eu-west-1: {l: [p, q]}, us-east-1: {l: [q]}}
Resources:
"""


def test_members_that_only_some_lists_have_exist_under_that_choice(tmp_path: Path) -> None:
    text = (
        f"{CHOSEN}  Fn::ForEach::Groups:\n    - N\n    - !Ref Tiers\n    - Sg${{N}}:\n        Type: A::B::C\n"
        "        Condition: Prod\n        Properties: {P: !Ref N}\n"
        "  It:\n    Type: A::B::C\n    Properties:\n      Fn::ForEach::Tags:\n        - N\n        - !Ref Tiers\n"
        "        - Tag${N}: !Sub '${N}!'\n"
        "Outputs:\n  Fn::ForEach::O:\n    - N\n    - !Ref Tiers\n    - Out${N}: {Value: !GetAtt 'Sg${N}.Arn'}\n"
    )
    deployment = load(tmp_path, text)
    edge, core, it = (resource(deployment, name) for name in ("Sgedge", "Sgcore", "It"))
    prod = {"by Env": {"prod": True, "dev": False}}
    assert told(edge.exists) == prod
    assert told(core.exists) == {"by Env": {"prod": {"by Tiers": {"edge,core": True, "edge": False}}, "dev": False}}
    assert {key: told(value) for key, value in it.attributes.items()} == {
        "Tagedge": "edge!",
        "Tagcore": {"by Tiers": {"edge,core": "core!", "edge": None}},
    }
    out = resource(deployment, "Outputs.Outcore")
    assert told(out.exists) == {"by Tiers": {"edge,core": True, "edge": False}}
    assert messages(deployment) == []
    assert deployment.described == {
        ("Env", "prod"): "condition Prod is true",
        ("Env", "dev"): "condition Prod is false",
    }


def test_a_collection_by_region(tmp_path: Path) -> None:
    text = (
        f"{CHOSEN}  Fn::ForEach::Groups:\n    - N\n    - !FindInMap [M, !Ref 'AWS::Region', l]\n"
        "    - Sg${N}: {Type: 'A::B::C'}\n"
    )
    deployment = load(tmp_path, text)
    assert told(resource(deployment, "Sgp").exists) == {"by AWS::Region": {"eu-west-1": True, "us-east-1": False}}
    assert told(resource(deployment, "Sgq").exists) is True


def test_a_collection_that_is_known_under_one_condition_only(tmp_path: Path) -> None:
    text = (
        f"{CHOSEN}  Fn::ForEach::Groups:\n    - N\n"
        "    - !If [Prod, [a, b], !Ref Other]\n    - Sg${N}: {Type: 'A::B::C', Properties: {P: !Ref N}}\n"
    ).replace("Parameters:\n", "Parameters:\n  Other: {Type: CommaDelimitedList}\n")
    deployment = load(tmp_path, text)
    found = {it.address: told(it.exists) for it in deployment.resources if it.is_resource}
    prod = {"by Env": {"prod": True, "dev": False}}
    assert found == {"Sga": prod, "Sgb": prod, "Sg${N}": {"by Env": {"prod": False, "dev": True}}}
    unknown = resource(deployment, "Sg${N}").attributes["P"]
    assert told(unknown) == "?N is not known: parameter Other has no default"


def test_loops_in_loops_properties_conditions_and_outputs(tmp_path: Path) -> None:
    text = (
        f"{HEAD}Conditions:\n  Fn::ForEach::C:\n    - N\n    - [a, b]\n"
        "    - Is${N}: !Equals [!Ref AWS::Region, !Ref N]\n"
        "Resources:\n  Fn::ForEach::Outer:\n    - N\n    - [a, b]\n"
        "    - Fn::ForEach::Inner:\n        - M\n        - [c, !Ref N]\n"
        "        - R${N}${M}:\n            Type: A::B::C\n            Condition: Is${N}\n            Properties:\n"
        "              Fn::ForEach::Tags:\n                - K\n                - [k, l]\n"
        "                - Tag${K}: !Sub '${N}${M}${K}'\n"
        "Outputs:\n  Fn::ForEach::O:\n    - N\n    - [a, b]\n    - Out${N}: {Value: !GetAtt 'R${N}c.Arn'}\n"
    )
    deployment = load(tmp_path, text)
    found = {it.address: it for it in deployment.resources}
    assert [name for name in found if name.startswith("R")] == ["Rac", "Raa", "Rbc", "Rbb"]
    assert {key: told(value) for key, value in found["Rbc"].attributes.items()} == {"Tagk": "bck", "Tagl": "bcl"}
    assert told(found["Rbc"].exists) == {"by AWS::Region": {"a": False, "b": True, "anything else": False}}
    assert [name for name in found if name.startswith("Outputs")] == ["Outputs.Outa", "Outputs.Outb"]
    assert messages(deployment) == []


@pytest.mark.parametrize(
    ("loop", "message"),
    [
        ("[N, [a]]", "Fn::ForEach needs an identifier, a collection and a map"),
        ("text", "Fn::ForEach needs an identifier, a collection and a map"),
        ("[N, [a, b], {Same: {Type: 'A::B::C'}}]", "the loop makes Same twice; the last one counts"),
        (f"[N, [{', '.join(map(str, range(600)))}], {{'R${{N}}': {{Type: 'A::B::C'}}}}]", "more than 500 resources"),
    ],
)
def test_what_no_loop_is(loop: str, message: str, tmp_path: Path) -> None:
    deployment = load(tmp_path, f"Resources:\n  A: {{Type: 'A::B::C'}}\n  Fn::ForEach::L: {loop}\n")
    assert message in messages(deployment)[0]
    assert sum(it.is_resource for it in deployment.resources) <= 500


def test_loops_that_explode_are_a_problem(tmp_path: Path) -> None:
    body = "{'X${N0}-${N1}-${N2}-${N3}-${N4}': 1}"
    for at in range(5):
        body = f"{{'Fn::ForEach::L{at}': [N{at}, [{', '.join(map(str, range(40)))}], {body}]}}"
    deployment = load(tmp_path, f"Resources:\n  A: {{Type: 'A::B::C', Properties: {body}}}\n")
    assert messages(deployment) == ["1: the loops make more than 250000 nodes"]


def test_loops_that_make_nothing_over_and_over_are_a_problem(tmp_path: Path) -> None:
    members = ",".join(f"a{at}" for at in range(2000))
    deployment = load(
        tmp_path,
        f"Transform: AWS::LanguageExtensions\nParameters:\n  L: {{Type: CommaDelimitedList, Default: '{members}'}}\n"
        "Resources:\n  Fn::ForEach::A: [X, !Ref L, {'Fn::ForEach::B': [Y, !Ref L, {}]}]\n  V: {Type: 'A::B::C'}\n",
    )
    assert "the loops make more than" in deployment.problems[0].message


def test_snippets_of_the_project_join_and_own_keys_win(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "p.yaml").write_text("P: snippet\nQ: snippet\n", encoding="utf-8")
    (tmp_path / "parts" / "r.json").write_text('{"B": {"Type": "A::B::C"}}', encoding="utf-8")
    (tmp_path / "parts" / "top.yaml").write_text("Outputs:\n  O: {Value: x}\n", encoding="utf-8")
    text = (
        "Transform:\n  Name: AWS::Include\n  Parameters: {Location: parts/top.yaml}\n"
        "Resources:\n  A:\n    Type: A::B::C\n    Properties:\n      Q: own\n"
        "      Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/p.yaml}}\n"
        "  Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: parts/r.json}}\n"
    )
    deployment = load(tmp_path, text)
    found = {it.address: it for it in deployment.resources}
    assert set(found) == {"A", "B", "Outputs.O"}
    assert {key: told(value) for key, value in found["A"].attributes.items()} == {"P": "snippet", "Q": "own"}
    assert found["A"].attributes["P"].span.path.endswith("parts/p.yaml")
    assert found["A"].more is None
    assert len(deployment.files) == 4
    assert messages(deployment) == []


@pytest.mark.parametrize("location", ["s3://bucket/p.yaml", "missing.yaml", "../outside.yaml"])
def test_a_snippet_out_of_reach_leaves_its_map_open(location: str, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("P: secret\n", encoding="utf-8")
    text = (
        "Resources:\n  A:\n    Type: A::B::C\n    Properties:\n      Q: own\n      In:\n        R: 1\n"
        f"        Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: '{location}'}}}}\n"
    )
    made = resource(load(tmp_path / "project", text), "A")
    assert {key: told(value) for key, value in made.attributes.items()} == {"Q": "own", "In": {"R": 1}}
    assert made.attributes["In"].it.more.why == "made by a snippet that is not in the project"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("transform", "more"),
    [
        ("AWS::LanguageExtensions", None),
        ("[AWS::Serverless-2016-10-31, AWS::LanguageExtensions]", None),
        ("AWS::SecretsManager-2020-07-23", None),
        ("AWS::CodeDeployBlueGreen", None),
        ("MyMacro", "the macro MyMacro may set it"),
        ("[AWS::LanguageExtensions, MyMacro]", "the macro MyMacro may set it"),
        ("{Name: MyMacro, Parameters: {a: b}}", "the macro MyMacro may set it"),
    ],
)
def test_a_macro_leaves_everything_open_and_is_said_once(transform: str, more: str | None, tmp_path: Path) -> None:
    text = (
        f"Transform: {transform}\nResources:\n  A: {{Type: 'A::B::C', Properties: {{P: !Ref Made}}}}\n"
        "  B: {Type: 'A::B::C'}\n"
    )
    deployment = load(tmp_path, text)
    found = resource(deployment, "B").more
    assert (None if found is None else found.why) == more
    if more:
        assert [it.split(": ")[1] for it in messages(deployment)] == [
            "the macro MyMacro may change this template; what is missing in it counts as unknown"
        ]


def test_a_macro_in_a_map_opens_that_map_only(tmp_path: Path) -> None:
    text = (
        "Resources:\n  A: {Type: 'A::B::C', Properties: {P: 1, Fn::Transform: {Name: Mine}}}\n  B: {Type: 'A::B::C'}\n"
    )
    deployment = load(tmp_path, text)
    more = resource(deployment, "A").more
    assert more is not None
    assert more.why == "made by the macro Mine"
    assert resource(deployment, "B").more is None
