"""Addresses of log-in, second factor, sessions and passwords: only the pages of allauth that are used."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from . import views_accounts as own

urlpatterns = [
    path("", own.profile, name="account_profile"),
    path("post/", own.choose_post, name="account_choose_post"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", own.PasswordChangeView.as_view(), name="account_change_password"),
    path("password/reset/", own.PasswordResetView.as_view(), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", never_cache(own.ActivateTOTPView.as_view()), name="mfa_activate_totp"),
    path("second-factor/remove/", own.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/codes/", never_cache(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sessions/", own.sessions, name="usersessions_list"),
    path("sessions/others/end/", own.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<int:pk>/end/", own.end_session, name="account_end_session"),
    path("tokens/", own.tokens, name="account_tokens"),
    path("tokens/<int:pk>/revoke/", own.revoke_token, name="account_revoke_token"),
]
