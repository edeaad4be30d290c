import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.expressions
from django.db import migrations, models

# Bodies in the standard's way (RETURN …): the names in them are looked up now, so that a restored dump, whose
# search path is empty, computes the column as well. What an index is made of must not depend on settings.
CREATE = r"""
CREATE FUNCTION press_fold(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(normalize(regexp_replace(
        normalize(words, NFD), '[\u0300-\u0305\u0307-\u036f\u00ad\u200b-\u200d\u2060\ufeff]', '', 'g'
    ), NFC), '<>&', '   ');
COMMENT ON FUNCTION press_fold(text) IS 'Words as they are searched: without accents, ё as е, й as it is; nothing in them looks like a tag.';

CREATE FUNCTION press_plain(html text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN normalize(replace(replace(replace(replace(replace(
        regexp_replace(
            regexp_replace(html, '</?(a|abbr|em|i|b|strong|span|sub|sup)(\s([^>"]|"[^"]*")*)?>', '', 'g'),
            '<([^>"]|"[^"]*")*>', ' ', 'g'
        ),
        '&lt;', '<'), '&gt;', '>'), '&nbsp;', ' '), '&quot;', '"'), '&amp;', '&'), NFC);
COMMENT ON FUNCTION press_plain(text) IS 'Clean HTML without its tags; words that only marks divide stay whole.';

CREATE FUNCTION press_questions(details jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce((
        SELECT press_plain(string_agg(each ->> 'question', ' <p>' ORDER BY place))
        FROM jsonb_array_elements(details -> 'exchanges') WITH ORDINALITY AS list (each, place)
    ), '');

CREATE FUNCTION press_answers(details jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce((
        SELECT press_plain(string_agg(each ->> 'answer', ' <p>' ORDER BY place))
        FROM jsonb_array_elements(details -> 'exchanges') WITH ORDINALITY AS list (each, place)
    ), '');

CREATE FUNCTION press_signatories(details jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce((
        SELECT string_agg(concat_ws(', ', each ->> 'on_behalf_of', each ->> 'name', each ->> 'office'), '; '
                          ORDER BY place)
        FROM jsonb_array_elements(details -> 'signatories') WITH ORDINALITY AS list (each, place)
    ), '');

CREATE FUNCTION press_words(language text, words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector(
        CASE language
            WHEN 'en' THEN 'pg_catalog.english'::regconfig
            WHEN 'ru' THEN 'pg_catalog.russian'::regconfig
            ELSE 'pg_catalog.simple'::regconfig
        END,
        press_fold(words)
    );

-- A tsvector holds a megabyte: of texts as long as books the beginning is searched.
CREATE FUNCTION press_search(
    language text, title text, teaser text, body text, details jsonb, signed_in text
) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN setweight(press_words(language, title), 'A')
        || setweight(press_words(language, left(teaser, 1000)), 'B')
        || setweight(press_words(language, left(press_questions(details), 20000)), 'B')
        || setweight(press_words(language, left(press_signatories(details), 20000)), 'B')
        || setweight(press_words(language, left(press_plain(body), 100000)), 'C')
        || setweight(press_words(language, left(press_answers(details), 60000)), 'C')
        || setweight(press_words(language, signed_in), 'D');
"""
DROP = """
DROP FUNCTION press_search(text, text, text, text, jsonb, text);
DROP FUNCTION press_words(text, text);
DROP FUNCTION press_signatories(jsonb);
DROP FUNCTION press_answers(jsonb);
DROP FUNCTION press_questions(jsonb);
DROP FUNCTION press_plain(text);
DROP FUNCTION press_fold(text);
"""


class Migration(migrations.Migration):
    """What is searched stands in every edition, made by the database; what was searched is counted."""

    dependencies = [("press", "0008_duty_officers")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.AddField(
            model_name="edition",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.Func(
                    "language", "title", "teaser", "body", "details", "signed_in", function="press_search"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search"], name="edition_search"),
        ),
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Russian")], max_length=10, verbose_name="language"
                    ),
                ),
                ("query", models.CharField(max_length=100, verbose_name="looked for")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("found_nothing", models.BooleanField(verbose_name="found nothing")),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "searches",
                "constraints": [models.UniqueConstraint(fields=("day", "language", "query"), name="search_count_once")],
            },
        ),
    ]
