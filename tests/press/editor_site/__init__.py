"""A small admin with the editor, on tables that Django brings: no model of the press office is needed.

A log entry stands for a message (its change message is the text), a user for a Q&A with log entries
as its exchanges (the object's id is the question, the change message the answer).
"""
