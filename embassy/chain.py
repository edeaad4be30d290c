"""The chain of editions: what was released, in spans of time without gap or overlap.

A document (a message, later the consular facts) has editions; each is live from its moment until
the next one's. The database keeps the chain: constraints make the spans fit, triggers refuse to
change or delete what has been live (docs/decisions/messages-and-editions.md).
"""

from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

# A recall must be committed before the edition goes live; this much is left for committing it.
RECALL_MARGIN = timedelta(seconds=10)


class Act(models.TextChoices):
    """What an edition does to its document."""

    RELEASE = "release", _("Release")
    CORRECT = "correct", _("Correction")
    WITHDRAW = "withdraw", _("Withdrawal")
    RETRACT = "retract", _("Published in error")
    REPLACE = "replace", _("Replacement")


ACTS_WITH_TEXT = (Act.RELEASE, Act.CORRECT)


class ChainQuerySet(models.QuerySet):
    """Editions by the clock."""

    def standing(self, at):
        """Editions whose span contains the aware moment `at`, withdrawals included."""
        return self.filter(Q(live_until__gt=at) | Q(live_until=None), live_from__lte=at)

    def live(self, at):
        """Editions for reading at the aware moment `at`: the one gate of every public surface."""
        return self.standing(at).filter(act__in=ACTS_WITH_TEXT)

    def scheduled(self, at):
        """Editions that go live after the aware moment `at`."""
        return self.filter(live_from__gt=at)


class ChainedEdition(models.Model):
    """An edition in a chain; the subclass adds the document, the content, `chain_constraints` and the SQL."""

    number = models.PositiveIntegerField(_("number"))
    act = models.CharField(_("act"), max_length=10, choices=Act)
    live_from = models.DateTimeField(_("live from"))
    live_until = models.DateTimeField(_("live until"), null=True)

    objects = ChainQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def has_text(self):
        """Whether there is something to read: it is no withdrawal."""
        return self.act in ACTS_WITH_TEXT


def chain_constraints(document, prefix):
    """The constraints that keep spans in a chain; `document` is the foreign key's name."""
    return [
        UniqueConstraint(fields=[document, "number"], name=f"{prefix}_number"),
        UniqueConstraint(fields=[document, "live_from"], name=f"{prefix}_live_from"),
        UniqueConstraint(fields=[document, "live_until"], nulls_distinct=False, name=f"{prefix}_live_until"),
        CheckConstraint(condition=Q(live_until__gt=F("live_from")), name=f"{prefix}_span"),
        CheckConstraint(condition=Q(number__gte=1), name=f"{prefix}_number_from_one"),
        CheckConstraint(condition=Q(act__in=Act.values), name=f"{prefix}_act"),
    ]


def guard_sql(table, column, prefix):
    """SQL that links spans by a foreign key and guards `table`; `column` is the document's, as in the database."""
    return f"""
ALTER TABLE {table} ADD CONSTRAINT {prefix}_next
    FOREIGN KEY ({column}, live_until) REFERENCES {table} ({column}, live_from)
    DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER {prefix}_insert AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION edition_inserted('{column}');
CREATE TRIGGER {prefix}_update AFTER UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION edition_updated();
CREATE TRIGGER {prefix}_delete AFTER DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION edition_deleted();
CREATE TRIGGER {prefix}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION edition_truncated();
"""


def unguard_sql(table, prefix):
    """SQL that takes back `guard_sql`."""
    triggers = "".join(
        f"DROP TRIGGER {prefix}_{event} ON {table};\n" for event in ("insert", "update", "delete", "truncate")
    )
    return f"{triggers}ALTER TABLE {table} DROP CONSTRAINT {prefix}_next;"


def append(edition, last):
    """Store `edition` at the end of its chain, ending `last` (None for the first) where it begins.

    Call it in a transaction that holds a lock on the document.
    """
    if last is not None:
        type(edition).objects.filter(pk=last.pk).update(live_until=edition.live_from)
    edition.save(force_insert=True)


def unlink(edition):
    """Delete a scheduled `edition`; the one before it stands without end again."""
    before = type(edition).objects.filter(live_until=edition.live_from, **edition.document_filter())
    edition.delete()
    before.update(live_until=None)
