"""Buckets that receive logs: who writes there, by declaration, access list or policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from partywall.aws.policy import Statement, documents
from partywall.aws.policy_place import BUCKET
from partywall.aws.resource import Resource
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import State, Truth, any_of
from partywall.value import Known, Setting, fits

SOURCES: Mapping[str, str] = {
    "AWS::CloudFront::Distribution": "DistributionConfig.Logging.Bucket",
    "AWS::CloudTrail::Trail": "S3BucketName",
    "AWS::EC2::FlowLog": "LogDestination",
    "AWS::ElasticLoadBalancing::LoadBalancer": "AccessLoggingPolicy.S3BucketName",
    "AWS::Redshift::Cluster": "LoggingProperties.BucketName",
    "AWS::S3::Bucket": "LoggingConfiguration.DestinationBucketName",
    "aws_alb": "access_logs.bucket",
    "aws_cloudfront_distribution": "logging_config.bucket",
    "aws_cloudtrail": "s3_bucket_name",
    "aws_elb": "access_logs.bucket",
    "aws_flow_log": "log_destination",
    "aws_lb": "access_logs.bucket",
    "aws_redshift_logging": "bucket_name",
    "aws_s3_bucket": "logging.target_bucket",
    "aws_s3_bucket_logging": "target_bucket",
}
"""What writes logs to a bucket, and the attribute that names the bucket."""

WRITERS = (
    "cloudtrail.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
    "logging.s3.amazonaws.com",
)
"""Services that deliver logs."""

_LOG_GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def receives_logs(view: View, bucket: Declared, identity: Sequence[str]) -> Truth:
    """Whether something declared writes its logs to a bucket, or the bucket lets a service that delivers logs write."""
    targets = view.naming(bucket, identity, "targets of logs", lambda: _targets(view))
    named = any_of(view.names(value, bucket, identity) for _, value in targets)
    policies = view.companions(bucket, {"aws_s3_bucket_policy": "bucket", "AWS::S3::BucketPolicy": "Bucket"}, identity)
    acls = view.companions(bucket, {"aws_s3_bucket_acl": "bucket"}, identity)
    answer = (
        named
        | _open_by_acl(view, bucket)
        | any_of(link.holds & _open_by_acl(view, link.declared) for link in acls)
        | _open_by_policy(view, bucket)
        | any_of(link.holds & _open_by_policy(view, link.declared) for link in policies)
    )
    # That nothing says so explains nothing.
    return Truth(State.NO, (), answer.variables) if answer.state is State.NO else answer


def _targets(view: View) -> Iterator[tuple[Declared, Setting]]:
    """What writes logs, each with the value that names where to."""
    for source in view.of(tuple(SOURCES)):
        yield source, view.look(Known(source.attributes), SOURCES[source.type].split("."))
    for balancer in view.of(("AWS::ElasticLoadBalancingV2::LoadBalancer",)):
        for attribute in Resource(view, balancer).elements("LoadBalancerAttributes", ()):
            pair = Resource(view, balancer, attribute)
            key = pair.read("Key", ())
            if isinstance(key, Known) and key.it == "access_logs.s3.bucket":
                yield balancer, pair.read("Value", ())


def _open_by_acl(view: View, declared: Declared) -> Truth:
    part = Resource(view, declared)
    canned = part.read("AccessControl", "acl")
    grants = (*part.elements((), "grant"), *part.elements((), "access_control_policy.grant"))
    owner = declared.address
    return fits(
        canned, "the access list", lambda it: str(it).lower().replace("-", "") == "logdeliverywrite", owner
    ) | any_of(
        fits(Resource(view, declared, it).read((), ("uri", "grantee.uri")), "the grantee", _is_log_group, owner)
        for it in grants
    )


def _is_log_group(uri: object) -> bool:
    return uri == _LOG_GROUP


def _open_by_policy(view: View, declared: Declared) -> Truth:
    policies = documents(view, declared, BUCKET.get(declared.type, ()))
    return any_of(_for_logs(statement) for policy in policies for statement in policy.statements)


def _for_logs(statement: Statement) -> Truth:
    writers = any_of(
        fits(name, "the principal", lambda it: it in WRITERS, statement.declared.address)
        for kind, name in statement.principals
        if kind == "Service"
    )
    return writers & statement.allows & statement.covers("s3:PutObject")
