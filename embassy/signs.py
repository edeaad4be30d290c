"""Signs of life: what each application knows of itself, for administrators and for monitoring.

An application registers a function that tells its Signs at a moment; the page "State of the site"
shows them, and Prometheus reads those that have a number. None has anything personal in it, nor the
words or the address of a message.
"""

from dataclasses import dataclass

_sources = []


@dataclass(frozen=True)
class Sign:
    """One thing to know: a `name` for programs, the application it is `of`, and words for people.

    `number` is what programs read (seconds, or how many), None where there is none; `help` tells them what
    it counts, in English. `is_trouble` asks for somebody's attention.
    """

    name: str
    of: str
    number: float | None
    help: str
    label: str
    words: str
    is_trouble: bool = False


def register(source):
    """Let `source(at)` tell Signs at the aware moment `at`; use it as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def signs(at):
    """All Signs at the aware moment `at`."""
    return [sign for source in _sources for sign in source(at)]
