"""Where the tests' database is, for programs that a test starts."""

from django.db import connection


def address_of_the_database():
    """It, as DATABASE_URL says it; the embedded server listens on a socket."""
    user, password, host, port, name = (
        connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    )
    place = f"/{host}" if host.startswith("/") else f"{host}:{port or 5432}"
    return f"postgres://{user}:{password}@{place}/{name}"
