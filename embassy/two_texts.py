"""Two officers wrote at once: what the one would save and what the other has saved, field by field.

Where a save comes too late it is refused, and both texts are shown with their difference; whoever came
later chooses which text stands where, and saves what was put together.
"""

from dataclasses import dataclass, field

from django.template.response import TemplateResponse
from django.utils.translation import gettext

from embassy.difference import Difference

MINE, THEIRS = "mine", "theirs"
KEEP = "keep-"


@dataclass(frozen=True)
class Clash:
    """A field or part in which what an officer would save says something else than what is saved."""

    # From the saved text to the one that would be.
    difference: Difference
    mine_changed: bool
    theirs_changed: bool

    @property
    def name(self):
        """The field's or part's name in the form."""
        return self.difference.name

    @property
    def label(self):
        """What officers call it."""
        return self.difference.label

    @property
    def proposed(self):
        """Whose text stands if only one of the two has changed it; empty where somebody must choose."""
        if self.mine_changed and self.theirs_changed:
            return ""
        return MINE if self.mine_changed else THEIRS


@dataclass(frozen=True)
class TwoTexts:
    """Where two texts clash, and what has been chosen on the page that shows them.

    `saved` names the saved text, `posted` holds the fields of that page (empty: it was not shown yet):
    what was chosen over another saved text than this one counts for nothing.
    """

    clashes: list
    saved: str
    posted: dict = field(default_factory=dict)

    @property
    def chosen(self):
        """MINE, THEIRS or None for the name of every clash."""
        return {clash.name: self.posted.get(f"{KEEP}{clash.name}") for clash in self.clashes}

    @property
    def is_current(self):
        """Whether the page showed what is saved now."""
        return self.posted.get("seen") == self.saved

    @property
    def is_decided(self):
        """Whether a text has been chosen for every clash."""
        return self.is_current and all(choice in {MINE, THEIRS} for choice in self.chosen.values())

    @property
    def theirs(self):
        """The names for which the saved text was chosen."""
        return {name for name, choice in self.chosen.items() if choice == THEIRS}

    def page(self, section, request, document, change_url, saver, carried=()):
        """Both texts as a page of the admin `section`; `saver` is who saved `document` and the aware moment.

        `carried` are pairs of names and values that come back with what is chosen.
        """
        chosen = self.chosen
        context = {
            **section.admin_site.each_context(request),
            "opts": section.opts,
            "original": document,
            "title": gettext("Two texts"),
            "subtitle": str(document),
            "change_url": change_url,
            "saver": saver,
            "saved": self.saved,
            "choices": [(clash, chosen[clash.name] or clash.proposed) for clash in self.clashes],
            "carried": carried,
            "incomplete": self.is_current,
            "outdated": bool(self.posted) and not self.is_current,
        }
        request.current_app = section.admin_site.name
        return TemplateResponse(request, "admin/conflict.html", context)
