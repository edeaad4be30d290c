"""What goes into the audit log by itself: sign-ins, refusals, accounts and powers, however they change."""

from axes.signals import user_locked_out
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver

from embassy.audit import What, record
from embassy.door import is_of_the_office

# Of an account; what they say is recorded of the powers only.
POWERS = ("is_active", "is_staff", "is_superuser")
WATCHED = ("username", "email", *POWERS)


@receiver(user_logged_in)
def _signed_in(sender, request, user, **kwargs):
    record(What.SIGNED_IN, by=user, about=user)


@receiver(user_logged_out)
def _signed_out(sender, request, user, **kwargs):
    if user is not None:
        record(What.SIGNED_OUT, by=user, about=user)


@receiver(user_login_failed)
def _refused(sender, credentials, request=None, **kwargs):
    # Who goes on while he is locked out is not counted any more: he could fill the table.
    counted = getattr(request, "axes_failures_since_start", None) is not None
    if counted or not getattr(request, "axes_locked_out", False):
        record(What.REFUSED, about=_account(credentials))


@receiver(user_locked_out)
def _locked(sender, request, **kwargs):
    # Sent at every further attempt, too; counted is only the one that was too many.
    if request.axes_failures_since_start is not None:
        record(What.LOCKED, about=_account(request.axes_credentials), failures=request.axes_failures_since_start)


def _account(credentials):
    return User.objects.filter(username=(credentials or {}).get("username") or "").first()


def forbidden(get_response):
    """Middleware: record that a page of the office was refused to somebody who is signed in."""

    def middleware(request):
        response = get_response(request)
        if response.status_code == 403 and is_of_the_office(request.path_info) and request.user.is_authenticated:
            record(What.FORBIDDEN, by=request.user, method=request.method, path=request.path_info[:200])
        return response

    return middleware


@receiver(pre_save, sender=User)
def _compare(sender, instance, raw, update_fields, **kwargs):
    """Note on the account what its form or command changes."""
    looked_at = [name for name in WATCHED if update_fields is None or name in update_fields]
    before = None
    if looked_at and not raw and instance.pk:
        before = User.objects.filter(pk=instance.pk).values(*WATCHED).first()
    instance._changes = [name for name in looked_at if before and before[name] != getattr(instance, name)]


@receiver(post_save, sender=User)
def _account_saved(sender, instance, created, raw, **kwargs):
    if raw:
        return
    powers = {name: getattr(instance, name) for name in POWERS}
    if created:
        record(What.ACCOUNT_MADE, about=instance, **powers)
        return
    if instance._changes:
        changed = {name: value for name, value in powers.items() if name in instance._changes}
        record(What.ACCOUNT_CHANGED, about=instance, fields=instance._changes, **changed)
    # Django keeps the raw password until its save is over, and clears it where it only hashes it anew.
    if instance._password is not None:
        record(What.PASSWORD_CHANGED, about=instance)


GIVEN_OR_TAKEN = {"post_add": What.RIGHTS_GIVEN, "post_remove": What.RIGHTS_TAKEN, "pre_clear": What.RIGHTS_TAKEN}


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def _rights(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Record groups and permissions by name, whichever side they were given from."""
    what = GIVEN_OR_TAKEN.get(action)
    if what is None or pk_set == set():
        return
    others = model.objects.filter(pk__in=pk_set) if pk_set else _all_of(sender, instance, model, reverse)
    if not reverse:
        _record_rights(what, instance, others)
        return
    for other in others:
        _record_rights(what, other, [instance])


def _all_of(sender, instance, model, reverse):
    """What is about to be taken from `instance` all at once."""
    names = {field.related_model: field.name for field in sender._meta.fields if field.is_relation}
    mine, theirs = names[type(instance)], names[model]
    return model.objects.filter(pk__in=sender.objects.filter(**{mine: instance}).values(theirs))


def _record_rights(what, holder, rights):
    names = sorted(getattr(right, "codename", None) or str(right) for right in rights)
    if not names:
        return
    if isinstance(holder, Group):
        record(what, group=holder.name, rights=names)
    else:
        record(what, about=holder, rights=names)
