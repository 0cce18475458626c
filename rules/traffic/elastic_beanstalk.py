"""Elastic Beanstalk: what clients speak to an environment."""

from __future__ import annotations

from partywall.aws.elastic_beanstalk import Environment
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule("TLS218", HIGH)
def elastic_beanstalk_listener_without_tls(environment: Environment) -> Truth:
    """Environments that serve clients have an HTTPS listener.

    Elastic Beanstalk gives a load balancer one listener, plain HTTP at port 80; everything else has to be asked for.
    Where TLS of a single instance ends, options do not say. Workers serve nobody.

    Instead: set protocol and certificate in `aws:elbv2:listener:443`, a policy for TLS 1.2 and newer with them, and
    switch the default listener off or let it redirect.

    Sources: Elastic Beanstalk developer guide, Configuring HTTPS for your environment; General options.
    """
    return ~environment.serves_tls & ~environment.is_worker & ~environment.tls_ends_on_instance
