"""The addresses of released files; they are for ever, and the same in every language."""

from django.urls import path, register_converter

from press import file_views


class SHA256:
    """A SHA-256 in lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value):
        """The digits."""
        return value

    def to_url(self, value):
        """The digits."""
        return value


class FileName(SHA256):
    """A file's name as editions have it."""

    regex = "[a-z0-9-]{1,100}[.][a-z0-9]{1,5}"


register_converter(SHA256, "sha256")
register_converter(FileName, "filename")

urlpatterns = [path("<sha256:sha256>/<filename:name>", file_views.file, name="file")]
