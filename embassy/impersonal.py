"""Words of a log line without what may be somebody's: addresses of mail and machines, search terms, keys to a door.

Messages of exceptions quote what people have sent, PostgreSQL's above all. What is left out here is recognised by
its form; a name has none, so no line is written on purpose with one in it (but the audit log's).
"""

import re
from ipaddress import ip_address

MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# Whatever may be an address of a machine; ip_address decides.
MACHINE = re.compile(r"(?<![\w.:])(?=[0-9A-Fa-f:]*[.:])[0-9A-Fa-f:.]{3,45}(?!\w)")
# What PostgreSQL tells beside its error: the row, the values, the statement and its parameters.
TOLD = re.compile(r"^(?:(?:DETAIL|CONTEXT|QUERY|STATEMENT): .*|LINE \d+: .*(?:\n\s*\^)?)$", re.MULTILINE)
QUERY = re.compile(r"(?<=\S)\?[^\s\"'<>]*=[^\s\"'<>]*")
# Links that open something to whoever has them: drafts that were shared, new passwords.
KEY = re.compile(r"(?<=/shared/)[^/\s\"']+|(?<=/password_reset/)[^/\s\"']+/[^/\s\"']+")


def impersonal(text):
    """`text` with […] in place of each of them."""
    for form in (TOLD, KEY, QUERY, MAIL):
        text = form.sub("[…]", text)
    return MACHINE.sub(_without_machine, text)


def _without_machine(found):
    text = found.group()
    host, _colon, port = text.rpartition(":")
    # A sentence may end behind an address, or a port follow.
    for address in (text, text.rstrip(".:"), host if port.isdigit() else ""):
        if _is_address(address):
            return f"[…]{text.removeprefix(address)}"
    return text


def _is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
