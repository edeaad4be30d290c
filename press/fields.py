"""Model fields of the press office."""

from django.db import models

from press import richtext


class RichTextField(models.TextField):
    """HTML, cleaned whenever it is stored, by whatever way it came: form, import, bulk or update."""

    clean_html = staticmethod(richtext.clean)

    def pre_save(self, model_instance, add):
        """Return the clean text and leave it on the instance, so that both say the same."""
        value = self.clean_html(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        """Clean also what an UPDATE of the query set stores."""
        if isinstance(value, str):
            value = self.clean_html(value)
        return super().get_db_prep_save(value, connection)


class InlineRichTextField(RichTextField):
    """One paragraph of HTML without blocks: a question."""

    clean_html = staticmethod(richtext.clean_inline)


class AnswerField(RichTextField):
    """HTML below a question, whose heading is an h2: its own headings start at h3."""

    clean_html = staticmethod(richtext.clean_answer)
