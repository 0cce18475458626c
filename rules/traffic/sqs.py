"""SQS: requests over TLS only."""

from __future__ import annotations

from partywall.reason.policy.transport import TlsQueue
from partywall.rule import LOW, rule
from partywall.truth import Truth


@rule("TLS302", LOW, fixable="safe", same_as=["cdk_nag:SQSQueueSSLRequestsOnly"])
def sqs_queue_allows_plain_http(queue: TlsQueue) -> Truth:
    """Queues refuse requests without TLS.

    AWS's own libraries use HTTPS; a policy makes sure that nothing else does.

    Instead: add a Deny for `*` on `sqs:*` with `aws:SecureTransport` false.

    Sources: Amazon SQS developer guide, Best practices for security.
    """
    return ~queue.tls_enforced
