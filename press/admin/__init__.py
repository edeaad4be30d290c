"""The office: where officers write, release, correct and withdraw."""

from press.admin.messages import PressReleaseAdmin, QandAAdmin, StatementAdmin

__all__ = ["PressReleaseAdmin", "QandAAdmin", "StatementAdmin"]
