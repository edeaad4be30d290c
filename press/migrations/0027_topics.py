import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """What messages are about."""

    dependencies = [
        ("press", "0026_featuring_in_the_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_ru", models.CharField(max_length=80, verbose_name="name in Russian")),
                (
                    "slug",
                    models.CharField(
                        help_text="The last part of the topic’s address, the same in both languages: small letters, digits and -.",
                        max_length=60,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Where it stands in lists: the smallest number comes first.",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["position", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="topic_slug",
                        violation_error_message="Small letters, digits and single hyphens between them, please.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name_en"),
                        name="topic_name_en_once",
                        violation_error_message="Another topic has this name.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name_ru"),
                        name="topic_name_ru_once",
                        violation_error_message="Another topic has this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(
                                ("name_en__regex", "[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]"),
                                _negated=True,
                            ),
                        ),
                        name="topic_name_en_printable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(
                                ("name_ru__regex", "[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]"),
                                _negated=True,
                            ),
                        ),
                        name="topic_name_ru_printable",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="press.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message_topics",
                        to="press.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "constraints": [models.UniqueConstraint(fields=("message", "topic"), name="message_topic_once")],
            },
        ),
        migrations.CreateModel(
            name="EditionTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Russian")], max_length=10, verbose_name="language"
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("message_id", models.BigIntegerField(verbose_name="message")),
                ("live_from", models.DateTimeField(verbose_name="live from")),
                ("live_until", models.DateTimeField(null=True, verbose_name="live until")),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="topic_rows",
                        to="press.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition_topics",
                        to="press.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic of an edition",
                "verbose_name_plural": "topics of editions",
                "indexes": [
                    models.Index(
                        fields=["topic", "language", "-published_at", "-message_id"],
                        include=("edition", "live_from", "live_until"),
                        name="edition_topic_newest",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("edition", "topic"), name="edition_topic_once")],
            },
        ),
    ]
