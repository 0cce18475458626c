"""`Domain` of an API: a domain name, its mapping to the API, and records that lead to it."""

from __future__ import annotations

import hashlib

from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, each, get_att, literal, ref


def rest(it: Serverless, stage: str) -> None:
    """The domain of a REST API."""
    name = _name(it, "ApiGatewayDomainName")
    if name is None:
        return
    kind = it.get("Domain", "EndpointConfiguration")
    regional = kind is None or literal(kind) == "REGIONAL"
    properties: dict[str, Plain] = {
        "DomainName": it.get("Domain", "DomainName"),
        "RegionalCertificateArn" if regional else "CertificateArn": it.get("Domain", "CertificateArn"),
        "EndpointConfiguration": {"Types": [kind or "REGIONAL"]},
        "MutualTlsAuthentication": it.get("Domain", "MutualTlsAuthentication"),
        "SecurityPolicy": it.get("Domain", "SecurityPolicy"),
    }
    it.make(name, "AWS::ApiGateway::DomainName", "domain", it.at("Domain"), properties)
    mapped: dict[str, Plain] = {"DomainName": ref(name), "RestApiId": ref(it.name), "Stage": ref(stage)}
    _mappings(it, "BasePathMapping", "AWS::ApiGateway::BasePathMapping", "BasePath", mapped)
    _records(it, name, "Regional" if regional else "Distribution")


def http(it: Serverless, stage: str) -> None:
    """The domain of an HTTP API."""
    name = _name(it, "ApiGatewayDomainNameV2")
    if name is None:
        return
    settings: dict[str, Plain] = {
        "CertificateArn": it.get("Domain", "CertificateArn"),
        "EndpointType": it.get("Domain", "EndpointConfiguration") or "REGIONAL",
        "SecurityPolicy": it.get("Domain", "SecurityPolicy"),
    }
    properties: dict[str, Plain] = {
        "DomainName": it.get("Domain", "DomainName"),
        "DomainNameConfigurations": [settings],
        "MutualTlsAuthentication": it.get("Domain", "MutualTlsAuthentication"),
    }
    it.make(name, "AWS::ApiGatewayV2::DomainName", "domain", it.at("Domain"), properties)
    mapped: dict[str, Plain] = {"DomainName": ref(name), "ApiId": ref(it.name), "Stage": ref(stage)}
    _mappings(it, "ApiMapping", "AWS::ApiGatewayV2::ApiMapping", "ApiMappingKey", mapped)
    _records(it, name, "Regional")


def _name(it: Serverless, prefix: str) -> str | None:
    """A logical id: APIs of one domain share it."""
    if it.get("Domain") is None:
        return None
    return prefix + hashed(it.text("Domain", "DomainName") or it.name)


def hashed(text: str) -> str:
    """The end of a logical id, as SAM makes it from a name."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]


def _mappings(it: Serverless, suffix: str, kind: str, key: str, mapped: dict[str, Plain]) -> None:
    paths = list(each(it.get("Domain", "BasePath")))
    if not paths:
        it.make(f"{it.name}{suffix}", kind, "domain's mapping", it.at("Domain"), mapped)
    for path in paths:
        name = "".join(one for one in literal(path) or "" if one.isalnum())
        it.make(f"{it.name}{name}{suffix}", kind, "domain's mapping", it.at("Domain"), {**mapped, key: path})


def _records(it: Serverless, domain: str, kind: str) -> None:
    zone = it.get("Domain", "Route53", "HostedZoneId"), it.get("Domain", "Route53", "HostedZoneName")
    if zone == (None, None):
        return
    named = it.template.text(zone[0] or zone[1]) or it.name
    kinds = ("A", "AAAA") if literal(it.get("Domain", "Route53", "IpV6")) == "true" else ("A",)
    to = {"DNSName": get_att(domain, f"{kind}DomainName"), "HostedZoneId": get_att(domain, f"{kind}HostedZoneId")}
    records = [{"Name": it.get("Domain", "DomainName"), "Type": one, "AliasTarget": to} for one in kinds]
    properties: dict[str, Plain] = {"HostedZoneId": zone[0], "HostedZoneName": zone[1], "RecordSets": records}
    name = f"RecordSetGroup{hashed(named)}"
    it.make(name, "AWS::Route53::RecordSetGroup", "domain's records", it.at("Domain"), properties)
