"""Prove that nothing of a scheduled message shows outside the office (manage.py prove_embargo)."""
