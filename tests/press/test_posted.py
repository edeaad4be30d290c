"""A posted form says what saving it would store, and can be given other values."""

import pytest

from press.content import PARTS
from press.models import Kind
from press.posted import as_querydict, content_of_form, rows_of
from tests.press.admin.desk import content

EXCHANGES, SIGNATORIES = PARTS[0], next(part for part in PARTS if part.name == "signatories")


def posted(*args, **fields):
    return as_querydict((name, str(value)) for name, value in content(*args, **fields).items())


def test_form_says_what_its_fields_say_clean():
    fields = posted(title=" A visit ", teaser="One.\r\nTwo.\x00", body='<p style="x">Text<script>x</script></p>')

    said = content_of_form(fields, Kind.PRESS_RELEASE)

    assert said == {
        "kind": "press-release",
        "language": "en",
        "title": "A visit",
        "slug": "",
        "teaser": "One.\nTwo.",
        "body": "<p>Text</p>",
    }


@pytest.mark.parametrize(
    ("rows", "stored", "order"),
    [
        ([{"on_behalf_of": "A", "place": "1"}, {"on_behalf_of": "B", "place": "2"}], 2, "AB"),
        ([{"on_behalf_of": "A", "place": "2"}, {"on_behalf_of": "B", "place": "2"}], 2, "BA"),
        ([{"on_behalf_of": "A", "place": "1"}, {"on_behalf_of": "B", "place": "1"}], 1, "BA"),
        ([{"on_behalf_of": "A", "place": "1", "DELETE": "on"}, {"on_behalf_of": "B", "place": ""}], 1, "B"),
        ([{"on_behalf_of": "A", "place": ""}, {"on_behalf_of": "", "place": ""}], 0, "A"),
    ],
)
def test_rows_stand_in_the_order_in_which_they_would_be_saved(rows, stored, order):
    fields = posted("signatories", rows, stored)

    assert "".join(row["on_behalf_of"] for row in rows_of(SIGNATORIES, fields)) == order


def test_absurd_number_of_rows_costs_nothing():
    fields = posted("exchanges", [])
    fields["exchanges-TOTAL_FORMS"] = "999999999999"

    assert rows_of(EXCHANGES, fields) == []
