"""django-ckeditor as this project installs it: never without the checks of its fence, and pruned."""

from fnmatch import fnmatch
from pathlib import Path

import ckeditor
from ckeditor.apps import CKEditorConfig
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.checks import register

BUNDLE = Path(ckeditor.__file__).parent / "static" / "ckeditor"
# What the configurations of press.editor load. Everything else of the bundle would lie on the public
# address of the static files for nothing, test pages and previews among it.
PLUGINS = frozenset(
    {
        "a11yhelp",
        "clipboard",
        "dialog",
        "link",
        "pastefromgdocs",
        "pastefromlibreoffice",
        "pastefromword",
        "pastetools",
        "table",
        "tableselection",
        "tabletools",
    }
)
UNPUBLISHED = (
    "ckeditor/file-icons/*",
    "ckeditor/galleriffic/*",
    "ckeditor/ckeditor/adapters/*",
    "ckeditor/ckeditor/bender-runner.config.json",
    "ckeditor/ckeditor/build-config.js",
    "ckeditor/ckeditor/skins/moono/*",
    "ckeditor/ckeditor/skins/moono-lisa/*_ie*.css",
    "ckeditor/ckeditor/*.md",
    *(
        f"ckeditor/ckeditor/plugins/{folder.name}/*"
        for folder in sorted((BUNDLE / "ckeditor" / "plugins").iterdir())
        if folder.is_dir() and folder.name not in PLUGINS
    ),
    *(
        f"ckeditor/ckeditor/lang/{file.name}"
        for file in sorted((BUNDLE / "ckeditor" / "lang").iterdir())
        if file.stem not in dict(settings.LANGUAGES)
    ),
)


class FencedEditorConfig(CKEditorConfig):
    """The app `ckeditor`, with our checks."""

    def ready(self):
        from press.checks import CHECKS  # noqa: PLC0415 (it looks at models, which are not loaded before)

        super().ready()
        for check in CHECKS:
            register(check)


class PrunedAppDirectoriesFinder(AppDirectoriesFinder):
    """Django's finder of the apps' static files, which lists (to collectstatic) no file that is UNPUBLISHED."""

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            if not any(fnmatch(path, pattern) for pattern in UNPUBLISHED):
                yield path, storage
