"""Django's command, which also reads the templates of the public pages."""

from pathlib import Path

from django.core.management.commands import makemessages
from django.template import engines
from jinja2.ext import extract_from_ast

# Where they lie, below the project's folder (settings.TEMPLATES).
PUBLIC = Path("templates", "public")


class BuildFile(makemessages.BuildFile):
    """A file with texts to translate."""

    def preprocess(self):
        """Write its texts as Python, which is what gettext's tool reads."""
        if not Path(self.path).is_relative_to(PUBLIC):
            return super().preprocess()
        tree = engines["jinja2"].env.parse(Path(self.path).read_text(encoding="utf-8"), filename=self.path)
        calls = [
            f"{function}({', '.join(map(repr, texts))})\n"
            for _line, function, texts in extract_from_ast(tree, babel_style=False)
        ]
        return Path(self.work_path).write_text("".join(calls), encoding="utf-8")


class Command(makemessages.Command):
    build_file_class = BuildFile
