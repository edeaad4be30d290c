"""How addresses of files are written, of readers and of the office alike."""

from django.urls import register_converter


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
