"""Operating systems: which one an image holds, as far as the words of its choice tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Self

from partywall.aws.ec2 import CONFIGURATIONS, INSTANCES, TEMPLATES, Launch
from partywall.aws.image import LOOKUPS, ImageLookup
from partywall.aws.lifecycle import Dated, Release, Support, matching
from partywall.aws.resource import INFRASTRUCTURE, as_text
from partywall.graph import View
from partywall.truth import Truth, any_of, no, unknown
from partywall.value import Known, Setting, convert, fits

RECIPES = ("AWS::ImageBuilder::ImageRecipe", "aws_imagebuilder_image_recipe")


class OperatingSystem(
    Dated,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(INSTANCES[0], TEMPLATES[0], CONFIGURATIONS[0], RECIPES[0]),
    terraform=(*INSTANCES[1:], TEMPLATES[1], CONFIGURATIONS[1], RECIPES[1], "data.aws_ami"),
):
    """The system of an instance, an image recipe or an image that is looked up for use elsewhere."""

    claim = "the image"

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Launches and recipes, and look-ups whose result nothing here starts from."""
        kinds = cls.cloudformation + cls.terraform
        for subject in super().subjects(view):
            users = view.graph.mentioning(subject.declared.address) if subject.declared.type in LOOKUPS else ()
            if not any(it.type in kinds for it in users):
                yield subject

    def stage(self, holds: Callable[[Support], bool]) -> Truth:
        """Whether a claim holds for some system that the words may mean."""
        words = self._words
        if words:
            return any_of(
                fits(self.dated(convert(it, as_text, "text"), _release), self.claim, holds, self.declared.address)
                for it in words
            )
        image = self._image
        if isinstance(image, Known) and image.it is None:
            return no("no image is named", self.span, self.declared.address)
        return unknown("the image does not say which system it holds", image.span, self.declared.address)

    @property
    def _words(self) -> tuple[Setting, ...]:
        if self.declared.type in LOOKUPS:
            return ImageLookup(self.view, self.declared).names
        return (self._image,) if self.declared.type in RECIPES else Launch(self.view, self.declared).image.words

    @property
    def _image(self) -> Setting:
        if self.declared.type in RECIPES:
            return self.read("ParentImage", "parent_image")
        if self.declared.type in LOOKUPS:
            return self.value
        return Launch(self.view, self.declared).image.value


def _release(word: str) -> Release | None:
    """The system that a name or path means; paid support counts only where the name says that it is paid for."""
    found = matching("operating-system", word)
    if found is None or "-pro-" in word:
        return found
    return replace(found, extended=None)
