"""Working copies (what officers write) and editions (what the public reads)."""

from press.models.address import Address
from press.models.edition import Edition
from press.models.feature import Feature
from press.models.message import Exchange, Kind, Message, PressRelease, QandA, Signatory, Statement

__all__ = [
    "Address",
    "Edition",
    "Exchange",
    "Feature",
    "Kind",
    "Message",
    "PressRelease",
    "QandA",
    "Signatory",
    "Statement",
]
