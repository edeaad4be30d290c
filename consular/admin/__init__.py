"""The consular section in the office: offices and notices are drafted, approved and released."""

from consular.admin.facts import FactsAdmin
from consular.admin.notices import NoticeAdmin
from consular.admin.offices import ContactInfoAdmin

__all__ = ["ContactInfoAdmin", "FactsAdmin", "NoticeAdmin"]
