import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ContactInfo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consular-section", "Consular section"),
                            ("honorary-consulate", "Honorary consulate"),
                            ("press-office", "Press office"),
                        ],
                        default="consular-section",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "primary",
                    models.BooleanField(
                        default=False,
                        help_text="The header of every page shows it. Ticked here, it is unticked where it was.",
                        verbose_name="primary",
                    ),
                ),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                ("name_ru", models.CharField(max_length=200, verbose_name="name in Russian")),
                (
                    "address_en",
                    models.TextField(
                        blank=True,
                        help_text="As on an envelope, line by line. Leave it empty if nobody can come there.",
                        verbose_name="address in English",
                    ),
                ),
                ("address_ru", models.TextField(blank=True, verbose_name="address in Russian")),
            ],
            options={
                "verbose_name": "office",
                "verbose_name_plural": "offices",
                "ordering": ["-primary", "kind", "name_en", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("primary", True)),
                        fields=("primary",),
                        name="consular_one_primary",
                        violation_error_message="Another office is primary.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, verbose_name="address")),
                ("purpose_en", models.CharField(max_length=100, verbose_name="purpose in English")),
                ("purpose_ru", models.CharField(max_length=100, verbose_name="purpose in Russian")),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Smaller numbers come first. The header shows the first.",
                        verbose_name="order",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="consular.contactinfo",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail address",
                "verbose_name_plural": "e-mail addresses",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(help_text="The office is closed all day.", verbose_name="date")),
                (
                    "reason_en",
                    models.CharField(
                        help_text="Such as: Christmas Day.", max_length=100, verbose_name="reason in English"
                    ),
                ),
                ("reason_ru", models.CharField(max_length=100, verbose_name="reason in Russian")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="consular.contactinfo",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "ordering": ["date", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "date"),
                        name="consular_closure_once",
                        violation_error_message="This day is entered already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                (
                    "opens",
                    models.TimeField(help_text="By the clocks of the host city, such as 09:00.", verbose_name="opens"),
                ),
                (
                    "closes",
                    models.TimeField(
                        help_text="From this minute on the office is closed. For a lunch break add two spans.",
                        verbose_name="closes",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="consular.contactinfo",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["weekday", "opens", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])), name="consular_hours_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))), name="consular_hours_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__second", 0), ("opens__second", 0)),
                        name="consular_hours_minutes",
                        violation_error_message="Opening hours are whole minutes.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        expressions=[
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Cast(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("contact"), "*", models.Value(10080)
                                                    ),
                                                    "+",
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("weekday"), "*", models.Value(1440)
                                                    ),
                                                ),
                                                "+",
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.functions.datetime.ExtractHour("opens"),
                                                    "*",
                                                    models.Value(60),
                                                ),
                                            ),
                                            "+",
                                            django.db.models.functions.datetime.ExtractMinute("opens"),
                                        ),
                                        models.BigIntegerField(),
                                    ),
                                    django.db.models.functions.comparison.Cast(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("contact"), "*", models.Value(10080)
                                                    ),
                                                    "+",
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("weekday"), "*", models.Value(1440)
                                                    ),
                                                ),
                                                "+",
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.functions.datetime.ExtractHour("closes"),
                                                    "*",
                                                    models.Value(60),
                                                ),
                                            ),
                                            "+",
                                            django.db.models.functions.datetime.ExtractMinute("closes"),
                                        ),
                                        models.BigIntegerField(),
                                    ),
                                    function="int8range",
                                ),
                                "&&",
                            )
                        ],
                        name="consular_hours_apart",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    phonenumber_field.modelfields.PhoneNumberField(
                        help_text="Such as +44 20 7946 0123. Without + it is read as one of this country.",
                        max_length=128,
                        region=None,
                        verbose_name="number",
                    ),
                ),
                ("purpose_en", models.CharField(max_length=100, verbose_name="purpose in English")),
                ("purpose_ru", models.CharField(max_length=100, verbose_name="purpose in Russian")),
                (
                    "note_en",
                    models.CharField(
                        blank=True,
                        help_text="Who the number is for and what it is not for; when it is answered.",
                        max_length=300,
                        verbose_name="note in English",
                    ),
                ),
                ("note_ru", models.CharField(blank=True, max_length=300, verbose_name="note in Russian")),
                (
                    "is_emergency",
                    models.BooleanField(
                        default=False,
                        help_text="Emergency lines stand first on the consular page and never in the header.",
                        verbose_name="emergency line",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Smaller ones come first. The header shows the first that is no emergency line.",
                        verbose_name="order",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="consular.contactinfo",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "telephone",
                "verbose_name_plural": "telephones",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^\\+[1-9][0-9]{6,14}$")), name="consular_phone_e164"
                    )
                ],
            },
        ),
    ]
