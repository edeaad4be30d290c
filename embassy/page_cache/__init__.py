"""Rendered pages, kept in the process for as long as they are true (docs/decisions/page-cache.md)."""
