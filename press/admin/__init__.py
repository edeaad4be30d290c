"""The office: where officers write, release, correct and withdraw."""

from press.admin.bin import BinAdmin
from press.admin.library import StoredFileAdmin
from press.admin.messages import PressReleaseAdmin, QandAAdmin, StatementAdmin
from press.admin.searches import SearchCountAdmin
from press.admin.topics import TopicAdmin

__all__ = [
    "BinAdmin",
    "PressReleaseAdmin",
    "QandAAdmin",
    "SearchCountAdmin",
    "StatementAdmin",
    "StoredFileAdmin",
    "TopicAdmin",
]
