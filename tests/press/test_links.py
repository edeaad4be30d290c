"""Where the links of a text lead."""

from datetime import UTC, datetime, timedelta

import pytest

from press.links import fault_of
from tests.press.factory import make_live

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://example.org/a?b=c#d", None),
        ("https://пример.рф/путь", None),
        ("http://example.org:8080/", None),
        ("mailto:press@example.org?subject=Hello", None),
        ("mailto:press@example.org,visas@example.org", None),
        ("tel:+442079460100", None),
        ("tel:020 7946 0100", None),
        ("https://", "is no address."),
        ("https://example/", "is no address."),
        ("https://exa mple.org/", "is no address."),
        ("https://example.org:99999/", "is no address."),
        ("https://[::1", "is no address."),
        ("mailto:press", "is no address."),
        ("mailto:", "is no address."),
        ("tel:12", "is no address."),
        ("tel:press", "is no address."),
        ("https://press.example.org", None),
        ("https://press.example.org/messages/?page=2", None),
        ("https://press.example.org/ru/consular/", None),
        ("https://press.example.org/messages/2026/05/12/open/", None),
        ("https://press.example.org/ru/messages/2026/05/12/open-ru/", None),
        ("https://press.example.org/nothing/", "leads to no page of this site."),
        ("https://press.example.org/messages/2026/05/12/unknown/", "leads to no page of this site."),
        ("https://press.example.org/ru/messages/2026/05/12/open/", "leads to no page of this site."),
        ("https://press.example.org/messages/2026/02/31/open/", "leads to no page of this site."),
        (
            "https://press.example.org/messages/2026/05/12/later/",
            "leads to a message that readers will not see by then.",
        ),
        (
            "https://press.example.org/admin/press/statement/1/preview/",
            "leads into the office, where readers cannot go.",
        ),
    ],
)
def test_link_leads_where_readers_can_go_or_its_fault_is_named(freeze, address, fault):
    freeze(NOON)
    make_live(slug="open")
    make_live(slug="open-ru", language="ru")
    make_live(slug="later", at=NOON + timedelta(hours=2))

    found = fault_of(address, NOON)

    assert (found and found.sentence % {"address": "it"}) == (fault and f"The link “it” {fault}")
    assert found is None or found.is_certain
