"""What code can say about the root user of an account: little."""

from __future__ import annotations

from partywall.aws.resource import ACCOUNT, Resource, as_text, one_of
from partywall.truth import Truth, any_of, unknown, yes
from partywall.value import convert, fits

_FEATURES = "aws_iam_organizations_features"


class RootUser(
    Resource,
    service="iam",
    model=ACCOUNT,
    terraform=(_FEATURES, "aws_organizations_organization", "aws_iam_virtual_mfa_device"),
):
    """A declaration that has to do with root users: of an organisation, or a second factor that may be one's."""

    @property
    def open_to_passwords(self) -> Truth:
        """Whether the root users of member accounts keep credentials of their own."""
        if self.declared.type == "aws_iam_virtual_mfa_device":
            why = "whose second factor it is, and whether it works, is not in the code"
            return unknown(why, self.span, self.declared.address)
        keep = yes("the root users of member accounts keep their credentials", self.span, self.declared.address)
        return keep & ~any_of(_central(Resource(self.view, it)) for it in self.view.of((_FEATURES,)))


def _central(features: Resource) -> Truth:
    owner = features.declared.address
    return any_of(
        fits(convert(item, as_text, "text"), "the feature", one_of("RootCredentialsManagement"), owner)
        for item in features.elements((), "enabled_features")
    )
