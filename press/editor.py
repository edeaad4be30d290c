"""The officers' rich-text editor. The only module that knows django-ckeditor's widget.

What the editor lets through is written from the allow-list of `press.richtext`, so that the two
cannot drift; what arrives is cleaned all the same, whatever the browser sent.
docs/decisions/django-ckeditor.md tells why it is fenced in so, and how to change it for another.
"""

from dataclasses import dataclass

from ckeditor.widgets import CKEditorWidget
from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from press import pasted, richtext, richtext_form

# What a page with the editor may do beyond the policy of every other page: the editor writes style
# attributes, and its style sheet draws from data: addresses; the preview beside the form is a frame.
FORM_CSP = {"style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-src": [SELF]}

# Every plugin of the bundle that no tool needs. What reads files, talks to servers or shows a page
# of its own is a risk; what opens a frame of its own (menus, lists) does not work under the policy.
# `notification` stays: the clipboard fails without it.
REMOVED_PLUGINS = (
    "about bidi colorbutton colordialog copyformatting dialogadvtab div elementspath exportpdf filebrowser find font "
    "format forms horizontalrule iframe image indentblock justify language liststyle magicline newpage pagebreak "
    "preview print save scayt selectall showblocks smiley sourcearea specialchar stylescombo templates uploadimage wsc"
)

# The tools that make something, and the tags they make. Every other tool makes nothing new.
MAKES = {
    **{tag.upper(): {tag} for tag in richtext.HEADINGS},
    "Bold": {"strong"},
    "Italic": {"em"},
    "Superscript": {"sup"},
    "Subscript": {"sub"},
    "NumberedList": {"ol", "li"},
    "BulletedList": {"ul", "li"},
    "Blockquote": {"blockquote"},
    "Link": {"a"},
    "Table": set(richtext_form.TABLE),
    **{f"Language{code.upper()}": {"span"} for code, _name in settings.LANGUAGES},
}
HEADING_LABELS = {"H2": _("Heading"), "H3": _("Subheading"), "H4": _("Minor heading")}
# Tools that are commands of CKEditor's table plugin; they show only inside a table.
TABLE_TOOLS = {
    "RowAdd": (_("Add row"), "rowInsertAfter"),
    "RowRemove": (_("Remove row"), "rowDelete"),
    "ColumnAdd": (_("Add column"), "columnInsertAfter"),
    "ColumnRemove": (_("Remove column"), "columnDelete"),
}
LANGUAGE_TOOLS = tuple(f"Language{code.upper()}" for code, _name in settings.LANGUAGES)
ENTER_PARAGRAPH, ENTER_BREAK = 1, 2


@dataclass(frozen=True)
class Offer:
    """What one kind of field offers: its tools, and so the tags it may hold."""

    toolbar: tuple
    height: int
    enter: int = ENTER_PARAGRAPH
    # The level of the highest heading; none for one line of text.
    top_heading: int | None = None

    @property
    def tools(self):
        """The names of the tools, in order."""
        return [tool for group in self.toolbar for tool in group]

    @property
    def tags(self):
        """What the tools make, and what typing alone makes."""
        typed = {"br"} if self.enter == ENTER_BREAK else {"p", "br"}
        return frozenset(typed.union(*(MAKES.get(tool, set()) for tool in self.tools)))

    @property
    def config(self):
        """CKEditor's configuration."""
        return {
            "allowedContent": allowed_content(self.tags),
            "toolbar": [list(group) for group in self.toolbar],
            "pressStyles": [style for tool in self.tools if (style := _style(tool))],
            "pressSchemes": sorted(richtext.SCHEMES),
            "pressCommands": [
                {"name": name, "label": label, "command": command}
                for name, (label, command) in TABLE_TOOLS.items()
                if name in self.tools
            ],
            "extraPlugins": "press",
            "removePlugins": ",".join(REMOVED_PLUGINS.split()),
            "removeDialogTabs": "link:upload;link:target;link:advanced;table:advanced",
            "removeButtons": "",
            # Its menu is a frame with scripts of its own; the browser's has the spelling suggestions.
            "enableContextMenu": False,
            "disableNativeSpellChecker": False,
            "enterMode": self.enter,
            "shiftEnterMode": ENTER_BREAK,
            "entities": False,
            "linkDefaultProtocol": "https://",
            "height": self.height,
            "width": "100%",
            # No configuration of the bundle's own, no styles of its own, no question to its maker's server.
            "customConfig": "",
            "stylesSet": False,
            "versionCheck": False,
        }


def allowed_content(tags):
    """CKEditor's content rules for `tags` of the allow-list; `a[!href]` is a link that must have an address."""
    bound = sorted(tags & richtext.ATTRIBUTES.keys())
    return "; ".join([" ".join(sorted(tags - set(bound))), *map(_rule, bound)])


def _rule(tag):
    # A mark means nothing without its attributes; another element does.
    needed = "!" if tag in richtext_form.MARKS else ""
    return f"{tag}[{','.join(needed + name for name in sorted(richtext.ATTRIBUTES[tag]))}]"


def _style(tool):
    """The button of our own (static/press/editor/press.js) that `tool` names; None if it is one of CKEditor's."""
    if tool in HEADING_LABELS:
        return {"name": tool, "label": HEADING_LABELS[tool], "element": tool.lower()}
    if tool not in LANGUAGE_TOOLS:
        return None
    language = get_language_info(tool.removeprefix("Language").lower())
    attributes = {"lang": language["code"], "dir": "rtl" if language["bidi"] else "ltr"}
    return {"name": tool, "label": language["name_local"].capitalize(), "element": "span", "attributes": attributes}


MARKING = (("Bold", "Italic", "Superscript", "Subscript"), ("Link", "Unlink"), LANGUAGE_TOOLS)
WORKING = ("PasteText", "RemoveFormat", "Undo", "Redo")


def _block_offer(*headings, height):
    blocks = ("NumberedList", "BulletedList", "Blockquote", "Table", *TABLE_TOOLS)
    toolbar = (headings, *MARKING[:1], blocks, *MARKING[1:], WORKING)
    return Offer(toolbar, height, top_heading=int(headings[0].removeprefix("H")))


# By the level of the highest heading; an answer stands below its question, which is of level 2.
BLOCK_OFFERS = {2: _block_offer("H2", "H3", "H4", height=420), 3: _block_offer("H3", "H4", height=220)}
INLINE_OFFER = Offer(toolbar=(*MARKING, WORKING), height=80, enter=ENTER_BREAK)


class EditorWidget(CKEditorWidget):
    """CKEditor with one of the offers above; none of its configuration comes from the settings."""

    def __init__(self, offer, attrs=None):
        super().__init__(attrs=attrs)
        self.config = offer.config
        self.top_heading = offer.top_heading

    @property
    def media(self):
        return super().media + forms.Media(
            css={"all": ["press/editor/press.css"]},
            js=["ckeditor/ckeditor/ckeditor.js", "press/editor/csp.js", "press/editor/press.js"],
        )

    def use_required_attribute(self, initial):
        """Never: the browser would look for the textarea, which the editor hides, and refuse to send the form."""
        return False

    def _set_config(self):
        # A new dictionary: requests in two languages must not write to one.
        self.config = {
            **self.config,
            "contentsCss": [static("press/editor/content.css")],
            "pressPaste": f"{reverse('paste')}?top={self.top_heading or ''}",
        }
        super()._set_config()


class RichTextFormField(forms.CharField):
    """A rich text that is cleaned when it is put into the editor and when it comes back.

    `inline` is for one line of text without blocks (a question); otherwise `top_heading` is the
    level of the highest heading that is offered and kept (2, or 3 for an answer).
    """

    def __init__(self, *, inline=False, top_heading=2, **kwargs):
        self.inline, self.top_heading = inline, top_heading
        # Whatever widget the admin proposes for a text, this field has one only.
        kwargs["widget"] = EditorWidget(INLINE_OFFER if inline else BLOCK_OFFERS[top_heading])
        super().__init__(**kwargs)

    def purge(self, text):
        """`text` as it may be stored; Word's own markup is understood first."""
        if pasted.is_words(text):
            text = pasted.meant(text)
        return richtext.clean_inline(text) if self.inline else richtext.clean(text, self.top_heading)

    def to_python(self, value):
        return self.purge(super().to_python(value) or "")

    def prepare_value(self, value):
        return self.purge(value) if isinstance(value, str) else value


@require_POST
def paste(request):
    """For the editor: the pasted HTML that is sent, as the field whose highest heading is `?top=` may hold it."""
    text = pasted.meant(request.POST.get("html", ""))
    top = request.GET.get("top", "")
    clean = richtext.clean(text, int(top)) if top in {"2", "3"} else richtext.clean_inline(text)
    return HttpResponse(clean, content_type="text/html; charset=utf-8")


class EditorAdminMixin:
    """For a ModelAdmin whose form has the editor: only its form pages get the looser policy."""

    def changeform_view(self, request, *args, **kwargs):
        return csp_update(FORM_CSP)(super().changeform_view)(request, *args, **kwargs)
