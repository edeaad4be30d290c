"""Working copies (what officers write) and editions (what the public reads)."""

from press.models.address import Address
from press.models.edition import Edition
from press.models.edition_file import EditionFile
from press.models.enclosure import Attachment, Photo
from press.models.event import Event
from press.models.feature import Feature
from press.models.message import Exchange, Kind, Message, PressRelease, QandA, Signatory, Statement
from press.models.review import Approval, BrokenGlass
from press.models.search import SearchCount
from press.models.stored_file import Rendition, StoredFile

__all__ = [
    "Address",
    "Approval",
    "Attachment",
    "BrokenGlass",
    "Edition",
    "EditionFile",
    "Event",
    "Exchange",
    "Feature",
    "Kind",
    "Message",
    "Photo",
    "PressRelease",
    "QandA",
    "Rendition",
    "SearchCount",
    "Signatory",
    "Statement",
    "StoredFile",
]
