import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from press.plain_text import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A  visit\tto\r\nLondon ", "A visit to London"),
        ("A\x0bvisit\x0cto\u2028London", "A visit to London"),
        ("A\x01vi\x1fsit\x7f\x00", "Avisit"),
        ("A \x01 visit", "A visit"),
        ("10\xa0000 «виз»", "10\xa0000 «виз»"),
        ("A\ufeff\ufffe \ud800", "A"),
        ("\x01 \x02", ""),
    ],
)
def test_one_line_has_what_can_be_read(text, line):
    assert one_line(text) == line


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \x01\x0b\n\xa0a")), max_size=40))
def test_one_line_stands_in_xml_and_stays_as_it_is(text):
    line = one_line(text)

    assert one_line(line) == line
    element = etree.Element("title")
    element.text = line
    assert etree.fromstring(etree.tostring(element)).text in {line, None}
