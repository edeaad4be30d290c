"""The office: where officers write, release, correct and withdraw."""

from press.admin.messages import PressReleaseAdmin, QandAAdmin, StatementAdmin
from press.admin.searches import SearchCountAdmin

__all__ = ["PressReleaseAdmin", "QandAAdmin", "SearchCountAdmin", "StatementAdmin"]
