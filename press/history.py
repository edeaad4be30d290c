"""What is written into the history of a message, in the transaction of the act itself."""

from press.models import Event


def record(message, what, by, at, effective_at=None, words=""):
    """Add an event: `what` (Event.What) `by` did to `message` at the aware moment `at`.

    `effective_at` is when readers are affected; `words` the note, reason or remark that went with it.
    """
    return Event.objects.create(
        message=message, what=what, by=by, at=at, version=message.version, effective_at=effective_at, words=words
    )
