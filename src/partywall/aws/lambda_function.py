"""Functions: code of the customer's on a runtime of AWS's."""

from __future__ import annotations

from functools import partial

from partywall.aws.lifecycle import Support, Versioned, named
from partywall.aws.resource import ABSTRACT, one_of, text
from partywall.truth import Truth
from partywall.value import Unknown, Value


class Function(
    Versioned,
    service="lambda",
    model=ABSTRACT,
    cloudformation="AWS::Lambda::Function",
    terraform="aws_lambda_function",
):
    """A function: AWS runs and patches the host, the customer chooses the runtime."""

    claim = "the runtime"
    runtime = text(cfn="Runtime", tf="runtime", default=Unknown("no runtime is given"))
    package = text(cfn="PackageType", tf="package_type", default="Zip")

    @property
    def is_image(self) -> Truth:
        """Whether it is a container image, which brings its own runtime."""
        return type(self).package.fits(self, one_of("Image"))

    @property
    def support(self) -> Value[Support]:
        """The runtime on this day."""
        return self.dated(self.runtime, partial(named, "lambda"))
