import pytest

from tests.press.factory import make_officer


@pytest.fixture
def officer(db):
    """A member of the group Officers."""
    return make_officer(first_name="Anna", last_name="Orlova")


@pytest.fixture
def desk(client, officer):
    """A browser in which `officer` is signed in."""
    client.force_login(officer)
    return client
