"""Two officers save at once: on two real connections, the later one waits and is then refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from press.models import Kind
from tests.press.admin.desk import fields_of, page_of
from tests.press.factory import make_message, make_officer
from tests.press.test_acts_at_once import wait_until_another_waits_for_us

pytestmark = pytest.mark.django_db(transaction=True)


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def save(client, message, data):
    try:
        return client.post(page_of(message), data)
    finally:
        connection.close()


def test_two_saves_at_once_lose_neither():
    message = make_message(Kind.STATEMENT, signatories="AB")
    anna, boris = (browser_of(make_officer(first_name=name)) for name in ("Anna", "Boris"))
    opened = fields_of(anna.get(page_of(message)))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = anna.post(page_of(message), opened | {"title": "Anna's"})
            other = pool.submit(save, boris, message, opened | {"title": "Boris's"})
            wait_until_another_waits_for_us()
        second = other.result()

    assert first.status_code == 302
    both = boris.get(second.url)
    assert "Anna saved this on " in both.content.decode()
    assert "[inserted: </span>Boris&#x27;s" in both.content.decode()
    message.refresh_from_db()
    assert (message.title, message.version) == ("Anna's", 2)
