"""Events of API Gateway: a permission for the function, and a route in the API that names it or in the implicit one."""

from __future__ import annotations

from partywall.cloudformation.evaluation import referred
from partywall.cloudformation.sam.event import Event
from partywall.cloudformation.sam.route import ANY, Route, in_arn, normal
from partywall.cloudformation.sam.schedule import start_by
from partywall.cloudformation.sam.tree import Plain, child, entries, grow, literal, ref, sub

REST, HTTP = "ServerlessRestApi", "ServerlessHttpApi"
DEFAULT = "$default"


def rest(event: Event) -> None:
    """`Api` of a function."""
    name = _owner(event, "RestApiId", REST)
    path, method = literal(event.get("Path")) or "/", literal(event.get("Method")) or "any"
    stage = _stage(event, name)
    arn = f"{_EXECUTE}/{in_arn(method, path)}"
    suffix = stage if stage.isalnum() else ""
    event.permit(
        "apigateway.amazonaws.com", _source(event, arn, "RestApiId", name), name=f"{event.id}Permission{suffix}"
    )
    _route(event, name, path, method, _proxy(event))


def machine(event: Event) -> None:
    """`Api` of a state machine: a role of the API starts it."""
    name = _owner(event, "RestApiId", REST)
    path, method = literal(event.get("Path")) or "/", literal(event.get("Method")) or "post"
    integration: dict[str, Plain] = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"),
        "credentials": start_by(event, "apigateway.amazonaws.com"),
    }
    _route(event, name, path, method, integration)


def http(event: Event) -> None:
    """`HttpApi` of a function."""
    name = _owner(event, "ApiId", HTTP)
    path, method = _http_route(event)
    default = path == DEFAULT
    if default or not _has_default(event, name):
        arn = f"{_EXECUTE}/{in_arn(method, '' if default else path)}"
        event.permit("apigateway.amazonaws.com", _source(event, arn, "ApiId", name))
    _route(
        event, name, path, method, {**_proxy(event), "payloadFormatVersion": event.get("PayloadFormatVersion") or "2.0"}
    )


_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"


def _http_route(event: Event) -> tuple[str, str]:
    """A route without path and method is the one for all that has no other."""
    path, method = literal(event.get("Path")), literal(event.get("Method"))
    return path or DEFAULT, method or ANY


def _has_default(event: Event, api: str | None) -> bool:
    """Whether the function has the default route of the same API, whose permission covers all others."""
    for entry in entries(event.owner.get("Events")).values():
        if literal(child(entry.value, "Type")) == "HttpApi":
            properties = child(entry.value, "Properties")
            other = Event(event.owner, "", "HttpApi", event.span, properties, event.target, event.grants)
            if _http_route(other)[0] == DEFAULT and _owner(other, "ApiId", HTTP) == api:
                return True
    return False


def _owner(event: Event, key: str, implicit: str) -> str | None:
    """The logical id of the API; None for one of another stack."""
    given = event.get(key)
    if given is None:
        return implicit
    name = referred(given) or literal(given)
    return name if name in event.owner.template.resources else None


def _stage(event: Event, api: str | None) -> str:
    entry = event.owner.template.resources.get(api or "")
    if api == REST and entry is None:
        return "Prod"
    given = child(child(entry.value, "Properties"), "StageName") if entry is not None else None
    return "AllStages" if entry is None else literal(given) or "Stage"


def _source(event: Event, arn: str, key: str, api: str | None) -> Plain:
    return sub(arn, ApiId=event.get(key) or ref(api or ""))


def _proxy(event: Event) -> dict[str, Plain]:
    arn = event.target.arn
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations"
    return {"type": "aws_proxy", "httpMethod": "POST", "uri": sub(uri, Function=arn)}


def _route(event: Event, api: str | None, path: str, method: str, integration: Plain) -> None:
    if api is None:
        return
    routes = event.owner.template.routes.setdefault(api, [])
    routes.append(
        Route(
            path,
            normal(method),
            event.span,
            grow(integration, event.span),
            event.get("Auth"),
            event.owner.condition,
            event.owner.name,
        )
    )
