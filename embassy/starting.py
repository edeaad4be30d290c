"""The moment at which a server starts, once all migrations are there: applications put in order what was cut off."""

from django.dispatch import Signal

# Sent by migrate_once, under its lock.
starting = Signal()
