"""Audit trails: which calls of the account are written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.account import ManagedAccount
from partywall.aws.resource import ACCOUNT, Resource, flag, is_in, text
from partywall.graph import View
from partywall.truth import YES, Truth, all_of, any_of, no
from partywall.value import Setting, Unknown, fits


class Trail(
    Resource, service="cloudtrail", model=ACCOUNT, cloudformation="AWS::CloudTrail::Trail", terraform="aws_cloudtrail"
):
    """A trail: one region and unsigned files unless it says otherwise.

    Global services are recorded when nothing is said (CloudTrail API reference, CreateTrail; a trail for all regions
    always records them).
    """

    logging = flag(cfn="IsLogging", tf="enable_logging", default=Unknown("`IsLogging` is not set"), tf_default=True)
    all_regions = flag(cfn="IsMultiRegionTrail", tf="is_multi_region_trail", default=False)
    global_services = flag(cfn="IncludeGlobalServiceEvents", tf="include_global_service_events", default=True)
    signs_files = flag(cfn="EnableLogFileValidation", tf="enable_log_file_validation", default=False)

    @property
    def management_events(self) -> Truth:
        """Whether it records all calls that manage resources, reading and writing ones; it does without selectors."""
        plain = self.elements("EventSelectors", "event_selector")
        advanced = self.elements("AdvancedEventSelectors", "advanced_event_selector")
        if not plain and not advanced:
            return YES
        records = [
            *(_Selector(self.view, self.declared, it).records for it in plain),
            *(_AdvancedSelector(self.view, self.declared, it).records for it in advanced),
        ]
        return all_of(any_of(record(word) for record in records) for word in ("ReadOnly", "WriteOnly"))

    @property
    def complete(self) -> Truth:
        """Whether it is on, for all regions and global services, and records every management event."""
        return self.logging & self.all_regions & self.global_services & self.management_events


class _Selector(Resource, service="cloudtrail", model=ACCOUNT):
    """A choice of events by kind."""

    management = flag(cfn="IncludeManagementEvents", tf="include_management_events", default=True)
    kind = text(cfn="ReadWriteType", tf="read_write_type", default="All")

    def records(self, word: str) -> Truth:
        """Whether it takes in management events that only read, or that write."""
        return self.management & is_in(self.kind, "read_write_type", ("All", word), self.declared.address)


class _AdvancedSelector(Resource, service="cloudtrail", model=ACCOUNT):
    """A choice of events by their fields."""

    def records(self, word: str) -> Truth:
        """Whether it takes in management events that only read, or that write."""
        others_only = "false" if word == "ReadOnly" else "true"
        return self._tests("eventCategory", "Management") & ~self._tests("readOnly", others_only)

    def _tests(self, field: str, word: str) -> Truth:
        """Whether a field has to equal a word."""
        return any_of(
            self._is(Resource(self.view, self.declared, it).read("Field", "field"), field)
            & any_of(
                self._is(value, word) for value in Resource(self.view, self.declared, it).elements("Equals", "equals")
            )
            for it in self.elements("FieldSelectors", "field_selector")
        )

    def _is(self, value: Setting, word: str) -> Truth:
        return fits(value, "the selector's field", lambda it: str(it).lower() == word.lower(), self.declared.address)


class AuditTrail(
    Resource,
    service="cloudtrail",
    model=ACCOUNT,
    cloudformation=Trail.cloudformation + ManagedAccount.cloudformation,
    terraform=Trail.terraform + ManagedAccount.terraform,
):
    """The record of the account's calls: each trail, or its absence beside other settings of the account."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every trail; without any, the account itself where the deployment sets it up."""
        found = [it.declared for it in Trail.subjects(view)] or [it.declared for it in ManagedAccount.subjects(view)]
        for declared in found:
            yield cls(view, declared)

    @property
    def complete(self) -> Truth:
        """Whether nothing that manages the account goes unrecorded."""
        if self.declared.type in Trail.cloudformation + Trail.terraform:
            return Trail(self.view, self.declared).complete
        return no("the account is set up here without a trail", self.span, self.declared.address)
