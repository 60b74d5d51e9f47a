from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "marche.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from marche.accounts import mails, second_factor

        mails.register()
        second_factor.register()


class AdminConfig(admin_apps.AdminConfig):
    """Django's administration behind our own door."""

    default_site = "marche.accounts.site.AdminSite"
