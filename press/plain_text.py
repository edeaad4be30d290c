"""Plain text on its way into an edition: one line, without what no page, feed or file can hold."""

import re

from press.richtext_form import printable

# No-break spaces are not among them: typography puts them there on purpose.
WHITE_SPACE = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]")
SPACES = re.compile(" +")


def one_line(text):
    """`text` on one line: control characters gone (XML 1.0 forbids them), runs of white space one space."""
    return SPACES.sub(" ", printable(WHITE_SPACE.sub(" ", text))).strip()
