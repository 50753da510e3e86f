"""A person's own account: profile, chosen post, second factor, sessions, tokens, forgotten password.

The log-in itself is allauth's; what is here adds the journal and what allauth does not have.
"""

import time

from allauth.account import views as account
from allauth.mfa.totp import views as totp
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .accounts import keep_language
from .devices import device_of
from .forms_accounts import ProfileForm, TokenForm
from .middleware import POST_KEY, UNIT_KEY
from .models import ApiToken, User
from .scope import posts_of, today
from .services import people

#: A request for a new password takes at least this long, whether the account exists or not.
RESET_SECONDS = 0.6


# -- allauth's pages with our additions -----------------------------------------------------------
class PasswordResetView(account.PasswordResetView):
    def form_valid(self, form) -> HttpResponse:
        """The same page after the same time for known and unknown addresses."""
        began = time.monotonic()
        response = super().form_valid(form)
        time.sleep(max(0.0, RESET_SECONDS - (time.monotonic() - began)))
        return response


class PasswordChangeView(account.PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ActivateTOTPView(totp.ActivateTOTPView):
    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        """Whoever was logged in elsewhere with the password alone must come in anew."""
        response = super().form_valid(form)
        by = self.request.who.actor
        people.end_other_sessions(self.request.user, keep=self.request.session.session_key, by=by)
        people.note_second_factor(self.request.user, on=True, by=by)
        return response


class DeactivateTOTPView(totp.DeactivateTOTPView):
    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        people.note_second_factor(self.request.user, on=False, by=self.request.who.actor)
        return response


# -- Profile and chosen post ----------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, telephone and language; the posts; the ways to password, second factor, sessions, tokens."""
    user, status, changing = request.user, 200, request.method == "POST"
    form = ProfileForm(request.POST if changing else None, instance=User.objects.get(pk=user.pk))
    if changing and form.is_valid():
        try:
            values = form.values
            people.change_person(
                logged_in(request), values=values, seen_version=form.cleaned_data["version"], by=request.who
            )
        except people.Stale as stale:
            form.add_error(None, str(stale))
            status = 409
        else:
            messages.success(request, _("Your details are saved."))
            response = redirect("account_profile")
            keep_language(response, values["language"])
            return response
    elif changing:
        status = 422
    posts = posts_of(logged_in(request), today())
    return render(request, "account/profile.html", {"form": form, "posts": posts}, status=status)


def logged_in(request: HttpRequest) -> User:
    """The account of a page that asks for log-in."""
    assert isinstance(request.user, User), "LoginRequiredMiddleware lets nobody else in"
    return request.user


@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own posts from now on."""
    wanted = request.POST.get("post", "")
    post = next((p for p in posts_of(logged_in(request), today()) if str(p.pk) == wanted), None)
    if post is None:
        raise Http404
    request.session[POST_KEY] = post.pk
    request.session.pop(UNIT_KEY, None)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")


# -- Sessions -------------------------------------------------------------------------------------
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is logged in: device, address, last activity."""
    rows = sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.last_seen_at, reverse=True)
    for row in rows:
        row.device = device_of(row.user_agent)
        row.here = row.session_key == request.session.session_key
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    people.end_session(session, by=request.who.actor)
    messages.success(request, _("This device is logged out."))
    return redirect("usersessions_list")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    people.end_other_sessions(logged_in(request), keep=request.session.session_key or "", by=request.who.actor)
    messages.success(request, _("All other devices are logged out."))
    return redirect("usersessions_list")


# -- Tokens ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own keys for programs; a new one is shown on the answer to its creation and never again."""
    if not request.who.may_enter:
        raise PermissionDenied(_("Programs act for a post; you hold none today."))
    changing = request.method == "POST"
    form, shown, status = TokenForm(request.POST if changing else None), None, 200
    if changing:
        status = 422
        if form.is_valid():
            try:
                _row, shown = people.create_token(request.who.post, **form.cleaned_data, by=request.who, today=today())
            except ValidationError as wrong:
                form.add_error(None, wrong)
            else:
                form, status = TokenForm(), 200
    rows = ApiToken.objects.visible_to(request.who).select_related("post__territory", "post__organisation")
    context = {"form": form, "tokens": rows, "shown": shown, "today": today()}
    return render(request, "account/tokens.html", context, status=status)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.who), pk=pk)
    people.revoke_token(token, by=request.who)
    messages.success(request, _("The token is withdrawn."))
    return redirect("account_tokens")
