"""A new password by e-mail: the host in the mail is SITE_URL's, and nothing tells whether an account exists."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model, views
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _

from embassy import mail
from embassy.audit import What, record
from embassy.office import OfficeSite

NAMES = {"site_header": OfficeSite.site_header, "site_title": OfficeSite.site_title}


class ResetForm(PasswordResetForm):
    """Django's; the mail leaves beside the request, so that an account takes no longer than none."""

    def save(self, **options):
        """Never look at the Host header, which anybody can set."""
        record(What.PASSWORD_ASKED, about=next(iter(super().get_users(self.cleaned_data["email"])), None))
        site = urlsplit(settings.SITE_URL)
        super().save(**options | {"domain_override": site.netloc, "use_https": site.scheme == "https"})

    def get_users(self, email):
        """Whose address it is; nobody's letter is written too, so that it takes as long, and is not sent."""
        return list(super().get_users(email)) or [get_user_model()(username="nobody", email=email)]

    def send_mail(self, subject_template_name, email_template_name, context, from_email, to_email, **options):
        """As Django does, but later and without a word about failures to whoever asked."""
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        body = render_to_string(email_template_name, context)
        if context["user"].pk:
            mail.send(EmailMessage(subject, body, from_email, [to_email]))


urlpatterns = [
    path(
        "",
        views.PasswordResetView.as_view(
            form_class=ResetForm,
            email_template_name="admin/password_reset_email.txt",
            subject_template_name="admin/password_reset_subject.txt",
            extra_email_context={"site_name": _("Press office")},
            extra_context=NAMES,
        ),
        name="admin_password_reset",
    ),
    path("done/", views.PasswordResetDoneView.as_view(extra_context=NAMES), name="password_reset_done"),
    path(
        "<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(extra_context=NAMES),
        name="password_reset_confirm",
    ),
    path("complete/", views.PasswordResetCompleteView.as_view(extra_context=NAMES), name="password_reset_complete"),
]
