"""What the policies of buckets and queues, wherever they are declared, say about TLS."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.policy import BUCKET, QUEUE, Statement, statements
from partywall.aws.resource import ABSTRACT, Resource
from partywall.declared import Declared
from partywall.reason.policy import tls_enforced
from partywall.truth import Truth


class _Guarded(Resource):
    """A resource with a policy of its own or in declarations apart."""

    places = BUCKET
    keys: tuple[tuple[str, str], ...] = ()
    identity: tuple[str, ...] = ()

    @property
    def tls_enforced(self) -> Truth:
        """Whether requests without TLS are denied to everyone."""
        here = tls_enforced(tuple(self._statements(self.declared))) if self.declared.type in self.places else None
        apart = self.any_companion(dict(self.keys), lambda it: tls_enforced(tuple(self._statements(it))), self.identity)
        return apart if here is None else apart | here

    def _statements(self, declared: Declared) -> Iterator[Statement]:
        for element in statements(self.view, declared, self.places[declared.type]):
            yield Statement(self.view, declared, element)


class TlsBucket(_Guarded, service="s3", model=ABSTRACT, cloudformation="AWS::S3::Bucket", terraform="aws_s3_bucket"):
    """A bucket with its policies."""

    keys = (("aws_s3_bucket_policy", "bucket"), ("AWS::S3::BucketPolicy", "Bucket"))
    identity = ("bucket", "id", "BucketName")


class TlsQueue(_Guarded, service="sqs", model=ABSTRACT, cloudformation="AWS::SQS::Queue", terraform="aws_sqs_queue"):
    """A queue with its policies."""

    places = QUEUE
    keys = (("aws_sqs_queue_policy", "queue_url"), ("AWS::SQS::QueuePolicy", "Queues"))
    identity = ("id", "url")
