"""What the templates of public pages write."""

import pytest

from embassy.page_templates import international


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+442079460100", "+44 20 7946 0100"),
        ("+74955550101", "+7 495 555-01-01"),
        ("ask at the gate", "ask at the gate"),
        ("", ""),
    ],
)
def test_international_writes_e164_as_people_read_it_and_leaves_the_rest(number, written):
    assert international(number) == written
