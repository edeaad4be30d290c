"""Every way into a rich-text column cleans it; the instance then says what the database does."""

import pytest

from press.models import Exchange, Message
from tests.press.factory import make_message

pytestmark = pytest.mark.django_db

DIRTY = "<h2 onclick=x()>Hours</h2><p>Nine</p><script>x()</script>"
CLEAN = {
    (Message, "body"): "<h2>Hours</h2>\n<p>Nine</p>",
    (Exchange, "question"): "Hours<br>Nine",
    (Exchange, "answer"): "<h3>Hours</h3>\n<p>Nine</p>",
}
columns = pytest.mark.parametrize(("model", "column"), CLEAN)


@pytest.fixture
def row(model):
    """A stored row of the model."""
    message = make_message(questions=[("Question?", "<p>Answer.</p>")])
    return message if model is Message else message.exchanges.get()


def stored(row, column):
    return type(row).objects.values_list(column, flat=True).get(pk=row.pk)


@columns
def test_saving_cleans_and_the_instance_says_so(row, model, column):
    setattr(row, column, DIRTY)

    row.save()

    assert stored(row, column) == getattr(row, column) == CLEAN[model, column]


@columns
def test_creating_many_cleans(row, model, column):
    row.pk, row._state.adding = None, True
    setattr(row, column, DIRTY)

    (copy,) = model.objects.bulk_create([row])

    assert stored(copy, column) == CLEAN[model, column]


@columns
def test_updating_rows_cleans(row, model, column):
    model.objects.filter(pk=row.pk).update(**{column: DIRTY})

    assert stored(row, column) == CLEAN[model, column]


@columns
def test_updating_many_cleans(row, model, column):
    setattr(row, column, DIRTY)

    model.objects.bulk_update([row], [column])

    assert stored(row, column) == CLEAN[model, column]
