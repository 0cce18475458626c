"""Audit trails: which calls of the account are written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.account import ManagedAccount
from partywall.aws.resource import ACCOUNT, Resource, flag, one_of, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import YES, State, Truth, all_of, any_of, known, no, yes
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

    def watches_objects_of(self, bucket: Declared) -> Truth:
        """Whether it records what is done with the objects of a bucket, as data events."""
        plain = self.elements("EventSelectors", "event_selector")
        advanced = self.elements("AdvancedEventSelectors", "advanced_event_selector")
        selectors: tuple[_Selector | _AdvancedSelector, ...] = (
            *(_Selector(self.view, self.declared, it) for it in plain),
            *(_AdvancedSelector(self.view, self.declared, it) for it in advanced),
        )
        return self.logging & any_of(it.takes_in_objects_of(bucket) for it in selectors)

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
        return self.management & type(self).kind.fits(self, one_of("All", word))

    def takes_in_objects_of(self, bucket: Declared) -> Truth:
        """Whether it takes in what is done with the objects of a bucket."""
        data = (Resource(self.view, self.declared, it) for it in self.elements("DataResources", "data_resource"))
        return any_of(
            _is(it.read("Type", "type"), _OBJECTS, it) & _means(it, "Values", "values", bucket) for it in data
        )


class _AdvancedSelector(Resource, service="cloudtrail", model=ACCOUNT):
    """A choice of events by their fields."""

    def records(self, word: str) -> Truth:
        """Whether it takes in management events that only read, or that write."""
        others_only = "false" if word == "ReadOnly" else "true"
        return self._asks("eventCategory", "Management") & ~self._asks("readOnly", others_only)

    def takes_in_objects_of(self, bucket: Declared) -> Truth:
        """Whether it takes in what is done with the objects of a bucket: by name, or because it asks for no name."""
        named = any_of(_means(it, "StartsWith", "starts_with", bucket) for it in self._fields("resources.ARN"))
        any_bucket = known(
            not self._fields("resources.ARN"), "every bucket is meant", self.span, self.declared.address,
            otherwise="only some buckets are meant",
        )  # fmt: skip
        return self._asks("eventCategory", "Data") & self._asks("resources.type", _OBJECTS) & (named | any_bucket)

    def _fields(self, name: str) -> list[Resource]:
        fields = (Resource(self.view, self.declared, it) for it in self.elements("FieldSelectors", "field_selector"))
        return [it for it in fields if _is(it.read("Field", "field"), name, it).state is not State.NO]

    def _asks(self, name: str, word: str) -> Truth:
        """Whether a field has to equal a word."""
        return any_of(
            _is(field.read("Field", "field"), name, field)
            & any_of(_is(value, word, field) for value in field.elements("Equals", "equals"))
            for field in self._fields(name)
        )


_OBJECTS = "AWS::S3::Object"


def _is(value: Setting, word: str, owner: Resource) -> Truth:
    claim = "what the trail selects"
    return fits(value, claim, lambda it: str(it).lower() == word.lower(), owner.declared.address)


def _means(part: Resource, cfn: str, tf: str, bucket: Declared) -> Truth:
    """Whether some ARN in a selector stands for a bucket: by reference, or as the prefix of every bucket."""
    return any_of(
        yes("the trail names the bucket", value.span, part.declared.address)
        if any(it.address == bucket.address for it in value.references)
        else fits(
            value,
            "what the trail selects",
            lambda it: str(it).rstrip(":").rpartition(":")[2] == "s3",
            part.declared.address,
        )
        for value in part.elements(cfn, tf)
    )


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
