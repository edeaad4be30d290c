"""What a reader is told when something failed."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client


@pytest.mark.parametrize(
    ("error", "status", "later"),
    [(OperationalError, 503, "5"), (InterfaceError, 503, "5"), (RuntimeError, 500, None)],
)
def test_database_that_does_not_answer_is_a_503_and_all_else_a_500(monkeypatch, db, error, status, later):
    def fail(*_arguments):
        raise error("a secret word")

    monkeypatch.setattr("press.views.render", fail)

    answer = Client(raise_request_exception=False).get("/")

    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, later)
    assert "Something went wrong" in answer.text
    assert "a secret word" not in answer.text
