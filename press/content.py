"""What a working copy says: the part of it that readers will see."""

FIELDS = ("kind", "language", "title", "slug", "teaser", "body", "signed_in", "signed_on")


def content_of(message):
    """The content of a stored `message`, to be compared with that of another moment."""
    return {
        **{name: getattr(message, name) for name in FIELDS},
        "exchanges": list(message.exchanges.values("question", "answer")),
        "signatories": list(message.signatories.values("on_behalf_of", "name", "office")),
    }
