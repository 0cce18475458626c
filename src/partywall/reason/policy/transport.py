"""What the policies of buckets and queues, wherever they are declared, say about TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from partywall.aws import policy_place
from partywall.aws.policy import Statement, documents
from partywall.aws.policy_place import Places
from partywall.aws.resource import ABSTRACT, Resource
from partywall.declared import Declared
from partywall.reason.policy.lock import refuses_plain_http
from partywall.reason.policy.pattern import BUCKET_ARN, Hole, Pattern, Wild, pattern_of
from partywall.reason.policy.statement import about
from partywall.truth import State, Truth, any_of, no


class _Guarded(Resource):
    """A resource with a policy of its own or in declarations apart."""

    places: ClassVar[Places] = {}
    keys: ClassVar[Mapping[str, str]] = {}
    identity: ClassVar[tuple[str, ...]] = ()

    def says(self, holds: Callable[[Statement], Truth]) -> Truth:
        """Whether some refusal in its policies satisfies a claim; those of its own are the last resort."""
        apart = self.any_companion(self.keys, lambda it: any_of(map(holds, self._refusals(it))), self.identity)
        here = any_of(map(holds, self._refusals(self.declared)))
        return apart | here | no("no policy refuses requests without TLS", self.span, self.declared.address)

    def _refusals(self, declared: Declared) -> Iterator[Statement]:
        for document in documents(self.view, declared, self.places.get(declared.type, ())):
            yield from (it for it in document.statements if it.denies.state is not State.NO)


class TlsBucket(_Guarded, service="s3", model=ABSTRACT, cloudformation="AWS::S3::Bucket", terraform="aws_s3_bucket"):
    """A bucket with its policies."""

    places = policy_place.BUCKET
    keys: ClassVar[Mapping[str, str]] = {"aws_s3_bucket_policy": "bucket", "AWS::S3::BucketPolicy": "Bucket"}
    identity = ("bucket", "id", "BucketName")

    @property
    def tls_enforced(self) -> Truth:
        """Whether requests without TLS are denied to everyone, for the bucket and for all objects."""
        return self._refused("the bucket", ()) & self._refused("its objects", ("/", Wild.MANY))

    def _refused(self, what: str, rest: Pattern) -> Truth:
        shapes = [(*BUCKET_ARN, *name, *rest) for name in self._names()]
        return self.says(lambda it: refuses_plain_http(it, "s3") & about(it, what, shapes))

    def _names(self) -> Iterator[Pattern]:
        yield (Hole(self.declared.address),)
        name = self.read("BucketName", "bucket")
        found = pattern_of(self.view, name)
        if found is not None:
            yield found


class TlsQueue(_Guarded, service="sqs", model=ABSTRACT, cloudformation="AWS::SQS::Queue", terraform="aws_sqs_queue"):
    """A queue with its policies."""

    places = policy_place.QUEUE
    keys: ClassVar[Mapping[str, str]] = {"aws_sqs_queue_policy": "queue_url", "AWS::SQS::QueuePolicy": "Queues"}
    identity = ("id", "url")

    @property
    def tls_enforced(self) -> Truth:
        """Whether requests without TLS are denied to everyone."""
        return self.says(lambda it: refuses_plain_http(it, "sqs"))
