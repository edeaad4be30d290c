"""Who in the office may do what, for those who have to be told."""

from django.contrib.auth import get_user_model

# Rights are given by groups and accounts only; other backends guard the door.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def addresses_with(permission, besides):
    """The e-mail addresses of active officers who were given `permission`, but not of the officer `besides`."""
    officers = get_user_model().objects.with_perm(permission, include_superusers=False, backend=BACKEND)
    return [address for address in officers.exclude(pk=besides.pk).values_list("email", flat=True) if address]
