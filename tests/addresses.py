"""Every address of the site, as the walks of the tests name it."""

from embassy.routes import routes as addresses

__all__ = ["addresses"]
