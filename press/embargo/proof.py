"""Ask everything while a canary is planted, and again once it is gone: a stranger must not see any difference.

An address of the canary is an unknown one once it is gone, so each answer is compared with that of an
unknown address, and each page with itself. Whatever else happens on a site meanwhile can make a
difference, too: what differs is asked again, and only what differs each time is told.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from press.embargo.asking import Directly
from press.embargo.canary import Words, plant, planter, remove_all
from press.embargo.questions import Question, is_of_the_office, links_in, paths_of, questions

# Differences that come from other people's acts do not come back so often.
ROUNDS = 3
# What must show at the canary's minute, or that nothing shows before it would prove nothing.
TO_BE_SEEN = ("title", "text", "name of the picture", "name of the document")
A_MINUTE = timedelta(minutes=1)


class Unproved(Exception):  # noqa: N818 — it says why there is no answer
    """The proof could not be made; the argument says why."""


@dataclass
class Report:
    """How many questions were asked, each twice, and sentences that say what leaked."""

    questions: int = 0
    leaks: list = field(default_factory=list)


class Proof:
    """One proof with an asker (press.embargo.asking); `choose(canary, paths)` says what to ask.

    `advance` is told how many questions have been answered twice. Whatever happens, the canary is
    removed, if this process lives; press.embargo.guard is for the case that it does not.
    """

    def __init__(self, asker, choose=questions, advance=lambda count: None):
        self.asker, self.choose, self.advance = asker, choose, advance
        self.words, self.by = Words(), planter()
        self.links = []

    def make(self):
        """The Report. Raises Unproved."""
        remove_all()
        self.links = self.look_around()
        leaks, total = self._differences()
        for _round in range(1, ROUNDS):
            if leaks:
                leaks, _total = self._differences(leaks.keys())
        return Report(total, list(leaks.values()))

    def look_around(self):
        """The paths that pages lead to. Raises Unproved where the canary would not show at its minute either."""
        with self._planted() as canary:
            asker = Directly(canary.moment + A_MINUTE)
            paths = [path for path in paths_of(canary) if not is_of_the_office(path) and "?" not in path]
            answers = [asker.ask(Question("GET", path)) for path in paths]
        shown = {self.words.of[word].lower() for answer in answers for word in self._words_in(answer)}
        if missing := [what for what in TO_BE_SEEN if not any(seen.startswith(what) for seen in shown)]:
            raise Unproved(f"At its minute the canary would not show either: {', '.join(missing)}.")
        return [path for path in links_in(answer.body for answer in answers) if not self.words.found_in(path)]

    def _differences(self, only=None):
        """{number of a question: sentence} of what differs, and how many questions there are.

        Asks as much at a time as the asker can compare; only those with the numbers `only`, if given.
        """
        found, begin, total = {}, 0, 1
        while begin < total:
            self.asker.start()
            with self._planted() as canary:
                # Anew each time: its rows have other numbers.
                todo = self._todo(canary, only)
                self.asker.begin()
                answers = self.asker.ask_some([question for _number, question in todo[begin:]])
            part = todo[begin : begin + len(answers)]
            self.asker.begin()
            others = self.asker.ask_again([question for _number, question in part])
            # Those that were answered too late are asked anew, both times.
            for (number, question), answer, other in zip(part, answers, others, strict=False):
                if sentence := self.difference(question, answer, other):
                    found[number] = f"{question}: {sentence}"
            begin, total = begin + len(others), len(todo)
            self.advance(len(others) if only is None else 0)
        return found, total

    def _todo(self, canary, only):
        paths = list(dict.fromkeys([*paths_of(canary), *self.links]))
        numbered = enumerate(self.choose(canary, paths))
        return [(number, question) for number, question in numbered if only is None or number in only]

    @contextmanager
    def _planted(self):
        """The Canary within the block, and nothing of it after. Raises Unproved where something is left."""
        try:
            yield plant(self.words, self.by)
        finally:
            left = remove_all()
        if left:
            raise Unproved(" ".join(left))

    def _words_in(self, answer):
        return self.words.found_in(f"{answer.headers} {answer.body.decode('utf-8', 'replace')}")

    def difference(self, question, answer, other):
        """What tells that the canary is there, where `other` is the answer if it is not; "" if nothing does."""
        # What is asked for may be said again.
        if shown := self._words_in(answer) - self.words.found_in(str(question)):
            return f"shows {', '.join(sorted(self.words.of[word] for word in shown))}"
        if answer.status >= 500:
            return f"fails with {answer.status}"
        if answer.status != other.status:
            return f"answers {answer.status}, and {other.status} if there is nothing"
        if headers := sorted(set(answer.headers) ^ set(other.headers)):
            return f"differs in {', '.join(dict.fromkeys(name for name, _value in headers))}"
        if answer.body != other.body:
            return "answers with another page"
        if answer.queries != other.queries:
            return "asks the database something else"
        return ""
