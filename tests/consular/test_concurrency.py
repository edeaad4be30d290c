from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from django.db import connection, transaction

from consular.models import ContactInfo
from tests.consular.factory import make_office

BLOCKED = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """What the test writes is seen by every connection, and taken away afterwards."""
    with django_db_blocker.unblock():
        yield
        ContactInfo.objects.all().delete()


def make_primary(office):
    """What the admin does in one request."""
    with transaction.atomic():
        ContactInfo.objects.yield_primary(office)
        ContactInfo.objects.filter(pk=office.pk).update(primary=True)


def in_another_connection(office):
    try:
        make_primary(office)
    finally:
        connection.close()


def wait_until_another_waits_for_us():
    deadline = monotonic() + 10
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waits for this transaction.")


def test_two_offices_made_primary_at_once_leave_the_later_one(committed):
    make_office(primary=True)
    second, third = make_office(primary=False), make_office(primary=False)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make_primary(second)
            other = pool.submit(in_another_connection, third)
            wait_until_another_waits_for_us()
        other.result()

    assert list(ContactInfo.objects.filter(primary=True)) == [third]
