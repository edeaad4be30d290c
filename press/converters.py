"""How addresses write kinds, dates and files, those of readers and of the office alike."""

from django.urls import register_converter

from press.models import Kind


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


class KindConverter:
    """A kind by the part of an address that names it."""

    regex = "|".join(kind.slug for kind in Kind)

    def to_python(self, value):
        """The kind of an address part."""
        return Kind.of_slug(value)

    def to_url(self, value):
        """The address part of a kind."""
        return Kind(value).slug


class FourDigits:
    """A year as addresses write it."""

    regex, width = "[0-9]{4}", 4

    def to_python(self, value):
        """The number."""
        return int(value)

    def to_url(self, value):
        """The number with zeros in front."""
        return f"{value:0{self.width}d}"


class TwoDigits(FourDigits):
    """A month or a day as addresses write it."""

    regex, width = "[0-9]{2}", 2


register_converter(KindConverter, "kind")
register_converter(FourDigits, "yyyy")
register_converter(TwoDigits, "two")
register_converter(SHA256, "sha256")
register_converter(FileName, "filename")
