"""What SAM resources become, where it stands, and how the author's names reach it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, value
from partywall.cloudformation import load, sam
from partywall.declared import Declared, Deployment
from partywall.engine import judge
from partywall.value import Choice, Known, Setting, Unknown, plain

HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """\
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
"""


def load_text(tmp_path: Path, body: str, head: str = HEAD) -> Deployment:
    path = tmp_path / "template.yaml"
    path.write_text(head + body, encoding="utf-8")
    deployment = load(str(path), parameters={}, project=str(tmp_path))
    assert deployment is not None
    return deployment


def made(tmp_path: Path, body: str, head: str = HEAD) -> dict[str, Declared]:
    return {it.address: it for it in load_text(tmp_path, body, head).resources}


def references(setting: Setting) -> list[tuple[str, str]]:
    return [(it.address, it.attribute) for it in setting.references]


@pytest.mark.parametrize(
    ("properties", "address", "kind", "part", "line"),
    [
        ("", "WorkerRole", "AWS::IAM::Role", "role", 4),
        ("      Policies: AmazonS3ReadOnlyAccess\n", "WorkerRole", "AWS::IAM::Role", "role", 9),
        ("      FunctionUrlConfig:\n        AuthType: AWS_IAM\n", "WorkerUrl", "AWS::Lambda::Url", "address", 9),
        ("      AutoPublishAlias: live\n", "WorkerAliaslive", "AWS::Lambda::Alias", "alias", 9),
        (
            "      Events:\n        Hour:\n          Type: Schedule\n",
            "WorkerHour",
            "AWS::Events::Rule",
            "event Hour",
            10,
        ),
        (
            "      Events:\n        Get:\n          Type: Api\n          Properties: {Path: /, Method: get}\n",
            "ServerlessRestApiProdStage",
            "AWS::ApiGateway::Stage",
            "stage of implicit API",
            10,
        ),
    ],
)
def test_what_is_made_stands_where_it_is_caused(
    tmp_path: Path, properties: str, address: str, kind: str, part: str, line: int
) -> None:
    found = made(tmp_path, FUNCTION + properties)[address]
    assert (found.type, found.author, found.part, found.span.line) == (kind, "Worker", part, line)
    assert (found.extent.line, found.extent.end_line >= 8) == (3, True)


def test_values_keep_the_places_of_their_author(tmp_path: Path) -> None:
    found = made(tmp_path, FUNCTION + "      FunctionUrlConfig:\n        AuthType: NONE\n")
    assert found["Worker"].attributes["Runtime"].span.line == 6
    assert found["WorkerUrl"].attributes["AuthType"].span.line == 10
    permission = found["WorkerUrlPublicPermissions"]
    assert plain(permission.attributes["Principal"]) == "*"
    assert references(permission.attributes["FunctionName"]) == [("Worker", "")]


@pytest.mark.parametrize(
    ("written", "address", "attribute"),
    [
        ("!Ref WorkerRole", "WorkerRole", ""),
        ("!GetAtt WorkerRole.Arn", "WorkerRole", "Arn"),
        ("!GetAtt Worker.Arn", "Worker", "Arn"),
        ("!Ref Worker.Alias", "WorkerAliaslive", ""),
        ('!Sub "${Worker.Version}"', "WorkerVersion", ""),
        ('!Sub "https://${ServerlessRestApi}/"', "ServerlessRestApi", ""),
        ("!Ref Api.Stage", "Apiv1Stage", ""),
        ("!GetAtt Worker.DestinationQueue.Arn", "WorkerEventInvokeConfigOnFailureQueue", "Arn"),
    ],
)
def test_names_of_what_is_made(tmp_path: Path, written: str, address: str, attribute: str) -> None:
    body = (
        FUNCTION
        + """\
      AutoPublishAlias: live
      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
Outputs:
  Named: {Value: """
        + written
        + "}\n"
    )
    deployment = load_text(tmp_path, body)
    (output,) = (it for it in deployment.resources if it.type == "output")
    assert references(output.attributes["Value"]) == [(address, attribute)]
    assert not deployment.problems


CONDITIONS = """\
Transform: AWS::Serverless-2016-10-31
Conditions:
  A: !Equals [!Ref "AWS::StackName", a]
  B: !Equals [!Ref "AWS::AccountId", b]
Resources:
"""


def test_conditions_pass_on(tmp_path: Path) -> None:
    found = made(tmp_path, FUNCTION.replace("    Properties", "    Condition: A\n    Properties"), CONDITIONS)
    assert isinstance(found["Worker"].exists, Choice)
    assert found["WorkerRole"].exists == found["Worker"].exists


def test_a_role_that_is_sometimes_given_is_sometimes_made(tmp_path: Path) -> None:
    given = '      Role: !If [A, "arn:aws:iam::1:role/own", !Ref "AWS::NoValue"]\n'
    found = made(tmp_path, FUNCTION + given, CONDITIONS)
    exists, role = found["WorkerRole"].exists, found["Worker"].attributes["Role"]
    assert isinstance(exists, Choice)
    assert isinstance(role, Choice)
    there = dict(exists.arms)
    for option, arm in role.arms:
        assert plain(there[option]) is not isinstance(arm, Known)


def test_the_implicit_api_exists_when_one_of_its_functions_does(tmp_path: Path) -> None:
    event = "      Events:\n        Get: {Type: Api, Properties: {Path: /, Method: METHOD}}\n"
    one = FUNCTION.replace("    Properties", "    Condition: A\n    Properties") + event.replace("METHOD", "get")
    other = one.replace("Worker", "Other").replace("Condition: A", "Condition: B").replace("get", "put")
    deployment = load_text(tmp_path, one + other, CONDITIONS)
    found = {it.address: it for it in deployment.resources}
    assert not deployment.problems
    assert isinstance(found["ServerlessRestApi"].exists, Choice)
    assert found["ServerlessRestApiProdStage"].exists == found["ServerlessRestApi"].exists
    many = "".join(one.replace("Worker", f"W{at}").replace("A\n", f"C{at}\n") for at in range(12))
    head = CONDITIONS.replace(
        "Resources:", "".join(f'  C{at}: !Equals [!Ref "AWS::Region", r{at}]\n' for at in range(12))
    )
    deployment = load_text(tmp_path, many, head + "Resources:\n")
    (api,) = (it for it in deployment.resources if it.address == "ServerlessRestApi")
    assert not deployment.problems
    assert isinstance(api.exists, Choice)
    always = other.replace("    Condition: B\n", "")
    assert made(tmp_path, one + always, CONDITIONS)["ServerlessRestApi"].exists == Known(it=True)


def test_properties_under_a_condition_stay_choices(tmp_path: Path) -> None:
    url = '      FunctionUrlConfig: !If [A, {AuthType: NONE}, !Ref "AWS::NoValue"]\n'
    found = made(tmp_path, FUNCTION + url, CONDITIONS)
    assert isinstance(found["WorkerUrl"].exists, Choice)
    policies = (
        '      Policies: !If [A, [AmazonS3FullAccess], [{Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}]]\n'
    )
    role = made(tmp_path, FUNCTION + policies, CONDITIONS)["WorkerRole"]
    assert isinstance(role.attributes["Policies"].it[0], Choice)  # type: ignore[union-attr,index]


def test_what_is_newer_is_said_and_left_out(tmp_path: Path) -> None:
    body = FUNCTION + "      Policies:\n        - NewestPolicy: {Name: a}\n  New:\n    Type: AWS::Serverless::Newest\n"
    deployment = load_text(tmp_path, body)
    assert [it.span.line for it in sorted(deployment.problems)] == [10, 11]
    (role,) = (it for it in deployment.resources if it.address == "WorkerRole")
    (policy,) = role.attributes["Policies"].it  # type: ignore[union-attr,misc]
    assert isinstance(policy.it["PolicyDocument"], Unknown)


def test_a_connector_makes_policies_unknown(tmp_path: Path) -> None:
    body = FUNCTION + (
        "  Table:\n    Type: AWS::Serverless::SimpleTable\n"
        "  Link:\n    Type: AWS::Serverless::Connector\n"
        "    Properties:\n      Source: {Id: Worker}\n      Destination: {Id: Table}\n      Permissions: [Read]\n"
    )
    policy = made(tmp_path, body)["LinkPolicy"]
    assert policy.type == "AWS::IAM::ManagedPolicy"
    assert policy.more is not None
    assert "PolicyDocument" not in policy.attributes


def test_events_add_to_the_authors_resources(tmp_path: Path) -> None:
    event = "      Events:\n        New: {Type: S3, Properties: {Bucket: !Ref Files, Events: s3:ObjectCreated:*}}\n"
    files = "  Files:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: files}\n"
    bucket = made(tmp_path, FUNCTION + event + files)["Files"]
    assert plain(bucket.attributes["BucketName"]) == "files"
    notified = list(value.references(bucket.attributes["NotificationConfiguration"]))
    assert [(it.address, it.attribute) for it in notified] == [("Worker", "Arn")]


def test_findings_are_the_authors(tmp_path: Path) -> None:
    body = FUNCTION + (
        "      Policies:\n        - Statement:\n            - Effect: Allow\n"
        '              Action: "*"\n              Resource: "*"\n'
    )
    deployment = load_text(tmp_path, body)
    findings = judge(deployment, catalog.rules(), datetime.date(2026, 1, 1)).findings
    gaps = [it for it in findings if it.verdict == "gap" and "WorkerRole" in it.related]
    assert gaps
    assert {it.resource for it in gaps} == {"Worker"}
    assert {it.span.line for it in gaps} <= set(range(9, 14))
    assert not any(it.type.startswith("AWS::Serverless::") for it in findings)


def test_rules_know_nothing_of_sam() -> None:
    known = {kind for rule in catalog.rules() for kind in rule.subject.cloudformation}
    assert not any(map(sam.is_serverless, known))
