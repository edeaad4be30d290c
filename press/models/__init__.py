"""Working copies (what officers write) and editions (what the public reads)."""

from press.models.address import Address
from press.models.edition import Edition
from press.models.event import Event
from press.models.feature import Feature
from press.models.message import Exchange, Kind, Message, PressRelease, QandA, Signatory, Statement
from press.models.review import Approval, BrokenGlass
from press.models.search import SearchCount

__all__ = [
    "Address",
    "Approval",
    "BrokenGlass",
    "Edition",
    "Event",
    "Exchange",
    "Feature",
    "Kind",
    "Message",
    "PressRelease",
    "QandA",
    "SearchCount",
    "Signatory",
    "Statement",
]
