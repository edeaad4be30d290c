"""Working copies (what officers write) and editions (what the public reads)."""

from press.models.address import Address
from press.models.edition import Edition
from press.models.edition_file import EditionFile
from press.models.enclosure import Attachment, Photo
from press.models.event import Event
from press.models.feature import Feature
from press.models.message import (
    BinnedMessage,
    Exchange,
    Kind,
    Message,
    PressRelease,
    QandA,
    Signatory,
    Statement,
)
from press.models.remark import Remark
from press.models.review import Approval, BrokenGlass
from press.models.search import SearchCount
from press.models.shared_preview import SharedPreview
from press.models.stored_file import Rendition, StoredFile
from press.models.topic import EditionTopic, MessageTopic, Topic
from press.models.translation import Translation
from press.models.unsaved import Presence, Unsaved
from press.models.version import Version

__all__ = [
    "Address",
    "Approval",
    "Attachment",
    "BinnedMessage",
    "BrokenGlass",
    "Edition",
    "EditionFile",
    "EditionTopic",
    "Event",
    "Exchange",
    "Feature",
    "Kind",
    "Message",
    "MessageTopic",
    "Photo",
    "Presence",
    "PressRelease",
    "QandA",
    "Remark",
    "Rendition",
    "SearchCount",
    "SharedPreview",
    "Signatory",
    "Statement",
    "StoredFile",
    "Topic",
    "Translation",
    "Unsaved",
    "Version",
]
