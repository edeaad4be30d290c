"""The edition of a consular document: all that the public reads of the consular section."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consular.models.document import Document
from embassy import canonical
from embassy.chain import ACTS_WITH_TEXT, ChainedEdition, ChainQuerySet, chain_constraints
from embassy.whole_minutes import whole_minute_constraint

# What the hash covers: all but the row's own number, its end (a later edition sets it) and the hash.
SEALED = (
    "act",
    "approver_id",
    "author_id",
    "canonical_version",
    "content",
    "document_id",
    "draft_version",
    "ends_at",
    "header",
    "kind",
    "live_from",
    "number",
    "releaser_id",
)


class ConsularEditionQuerySet(ChainQuerySet):
    """Editions by the clock; a notice ends by itself."""

    def live(self, at):
        """Editions for reading at the aware moment `at`: the one gate of every public surface."""
        return super().live(at).filter(Q(ends_at=None) | Q(ends_at__gt=at))


class ConsularEdition(ChainedEdition):
    """One released text of a consular document: immutable, and never gone once it has been live.

    `content` is what consular.content says of the working copy, ready to be shown; `header` is the
    small part of it that every page needs.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions", verbose_name=_("document"))
    kind = models.CharField(_("kind"), max_length=10, choices=Document.Kind)
    header = models.JSONField(_("header"), default=dict, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("author")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("approver")
    )
    # Nobody: an operator released what was there, by a command.
    releaser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("releaser")
    )
    draft_version = models.PositiveIntegerField(_("version of the working copy"))
    canonical_version = models.PositiveSmallIntegerField(_("version of the canonical form"), default=1)
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = ConsularEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            *chain_constraints("document", "consular_edition"),
            models.CheckConstraint(
                name="consular_edition_withdrawal_has_no_text",
                condition=Q(act__in=ACTS_WITH_TEXT) & ~Q(content={})
                | ~Q(act__in=ACTS_WITH_TEXT) & Q(content={}, header={}),
            ),
            models.CheckConstraint(name="consular_edition_kind", condition=Q(kind__in=Document.Kind.values)),
            models.CheckConstraint(
                name="consular_edition_notice_ends",
                condition=Q(kind="facts", ends_at=None)
                | Q(kind="notice", ends_at__gt=F("live_from"))
                | ~Q(act__in=ACTS_WITH_TEXT),
            ),
            whole_minute_constraint("ends_at", "consular_edition_minute"),
            models.CheckConstraint(name="consular_edition_four_eyes", condition=~Q(approver=F("author"))),
            models.CheckConstraint(name="consular_edition_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.number})"

    def save(self, *args, **kwargs):
        """Seal a new edition; the database refuses any later change."""
        if self._state.adding:
            self.sha256 = self.hash_of_content()
        super().save(*args, **kwargs)

    def document_filter(self):
        """What picks the editions of the same document (embassy.chain)."""
        return {"document_id": self.document_id}

    def hash_of_content(self):
        """The SHA-256 of the canonical form of all that is SEALED."""
        return canonical.sha256({name: getattr(self, name) for name in SEALED})

    def is_intact(self):
        """Whether the hash still fits the content."""
        return self.sha256 == self.hash_of_content()
