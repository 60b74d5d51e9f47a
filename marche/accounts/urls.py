"""The doors, in French. allauth finds its own pages by these names; what is not named here of it has no address."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.cache import never_cache

from marche.accounts.views import factors, resident, staff

urlpatterns = [
    path("mon-compte/connexion/", resident.ask_code, name="resident-sign-in"),
    path("mon-compte/connexion/code/", resident.enter_code, name="resident-sign-in-code"),
    path("connexion/", staff.sign_in, name="sign-in"),
    path("connexion/", staff.sign_in, name="account_login"),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("connexion/compte-ferme/", account.account_inactive, name="account_inactive"),
    path("connexion/confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("connexion/second-facteur/", factors.second_step, name="mfa_authenticate"),
    path("connexion/confirmation/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("connexion/confirmation/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("securite/", factors.factors, name="mfa_index"),
    path("securite/application/", never_cache(totp.activate_totp), name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/cle/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cle/<int:pk>/retirer/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("securite/codes-de-secours/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("securite/codes-de-secours/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/codes-de-secours/telecharger/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
