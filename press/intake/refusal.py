"""Why a file is not taken, as a code that the office puts into a sentence (press.intake.wording)."""


class Unfit(Exception):  # noqa: N818 — a refusal is an answer, not an error
    """A file that must not be published; `code` says why, `facts` fill the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code, self.facts = code, facts
