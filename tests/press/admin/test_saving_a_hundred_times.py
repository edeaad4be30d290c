"""Two officers save at once, again and again, on real connections: nothing that either typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from press.models import Message, Unsaved
from tests.press.admin.desk import fields_of, page_of
from tests.press.factory import make_message, make_officer

pytestmark = pytest.mark.django_db(transaction=True)


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def save(client, message, data, barrier):
    """Save when the other one saves; returns where it leads."""
    try:
        barrier.wait()
        response = client.post(page_of(message), data)
        assert response.status_code == 302
        return response.url
    finally:
        connection.close()


def save_at_once(times):
    """Both open one version and save, `times` over; returns the message and what each of the two typed."""
    message = make_message(title="Begun")
    desks = [browser_of(make_officer()) for _number in range(2)]
    typed, refused = [], 0
    with ThreadPoolExecutor(2) as pool:
        for number in range(times):
            texts = [f"Text {number} of {who}" for who in ("Anna", "Boris")]
            opened = [fields_of(desk.get(page_of(message))) for desk in desks]
            barrier = Barrier(2)
            posts = zip(desks, opened, texts, strict=True)
            saves = [pool.submit(save, desk, message, data | {"title": t}, barrier) for desk, data, t in posts]
            refused += sum("/conflict/" in each.result() for each in saves)
            typed += texts
    return message, typed, refused


def check(times):
    message, typed, refused = save_at_once(times)

    versions = [version.content["title"] for version in message.versions.order_by("number")]
    kept = [dict(row.fields)["title"] for row in Unsaved.objects.filter(is_closed=False)]
    assert refused == times
    assert sorted(versions[1:] + kept) == sorted(typed)
    assert Message.objects.get().version == len(versions) == times + 1
    assert message.events.filter(what="changed").count() == times


def test_two_officers_saving_at_once_lose_nothing():
    check(4)


@pytest.mark.prove
def test_two_officers_saving_at_once_a_hundred_times_lose_nothing():
    check(100)
