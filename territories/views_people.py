"""Accounts and posts, for administrators and for whoever approves a region's calendar."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import appointments
from .forms_people import (
    EndPostForm,
    FilterForm,
    InviteForm,
    PersonForm,
    PostForm,
    ReasonForm,
    units_found,
)
from .models import Post, PostState, User, UserState
from .scope import second_factor_of, today
from .services import people

PAGE_SIZE = 50


def for_managers(view: Callable) -> Callable:
    """The pages are for those who give posts; everybody else is told that they are not his."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not appointments.may_manage_people(request.who):
            raise PermissionDenied(_("Accounts and posts are looked after by others."))
        return view(request, *args, **kwargs)

    return guarded


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty answer is an answer too."""
    return request.POST if request.method == "POST" else None


# -- Reading --------------------------------------------------------------------------------------
def accounts_of(request: HttpRequest, form: FilterForm) -> QuerySet[User]:
    """Accounts of the scope that the filters and the picked unit leave."""
    day, wanted = today(), form.cleaned_data if form.is_valid() else {}
    rows = User.objects.visible_to(request.who).annotate(second_factor=second_factor_of("pk"))
    held = Post.objects.visible_to(request.who).filter(user=OuterRef("pk"))
    if wanted.get("q"):
        rows = rows.filter(Q(full_name__icontains=wanted["q"]) | Q(email__icontains=wanted["q"]))
    if wanted.get("role"):
        rows = rows.filter(Exists(held.on(day).filter(role=wanted["role"])))
    if request.unit is not None and request.unit != request.who.territory:
        path = request.unit.path
        inside = Q(territory__path__startswith=path) | Q(organisation__territory__path__startswith=path)
        rows = rows.filter(Exists(held.filter(inside)))
    state = wanted.get("state")
    if state in UserState.values:
        rows = rows.in_state(UserState(state))
    elif state == "no_post":
        rows = rows.filter(~Exists(Post.objects.on(day).filter(user=OuterRef("pk"))))
    shown = Post.objects.visible_to(request.who).on(day).select_related("territory", "organisation")
    return rows.order_by("full_name", "email").prefetch_related(
        Prefetch("posts", queryset=shown, to_attr="shown_posts")
    )


@require_GET
@for_managers
def people_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = Paginator(accounts_of(request, form), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "territories/people/list.html", {"form": form, "page": page})


def person_of(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.who), pk=pk)


def person_page(request: HttpRequest, user: User, *, status: int = 200, **forms) -> HttpResponse:
    """One account: its posts, past and to come, and what the reader may do with them."""
    day = today()
    user = User.objects.annotate(second_factor=second_factor_of("pk")).get(pk=user.pk)
    posts = list(
        Post.objects.visible_to(request.who)
        .filter(user=user)
        .select_related("territory", "organisation__territory", "user", "appointed_by")
    )
    for post in posts:
        post.state = post.state_on(day)
        running = post.state in (PostState.HELD, PostState.COMING)
        post.may_end = running and appointments.may_end(request.who, post)
    itself = request.who.user == user
    reason = ReasonForm(initial={"version": user.version})
    context = {
        "person": user,
        "posts": posts,
        "may_manage": appointments.may_manage_account(request.who, user, people.posts_that_count(user, day)),
        "may_edit": request.who.is_administrator,
        "may_remove_factor": request.who.is_administrator and user.second_factor and not itself,
        "itself": itself,
        "close_form": forms.get("close_form") or reason,
        "factor_form": forms.get("factor_form") or reason,
    }
    return render(request, "territories/people/person.html", context, status=status)


@require_GET
@for_managers
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return person_page(request, person_of(request, pk))


@require_GET
@for_managers
def place(request: HttpRequest) -> HttpResponse:
    """The fields of the place that the chosen role needs (a piece of the form)."""
    form = PostForm(initial={"role": request.GET.get("role", "")}, who=request.who)
    return render(request, "territories/people/_place.html", {"form": form})


@require_GET
@for_managers
def units(request: HttpRequest) -> HttpResponse:
    """Units whose name fits what is being typed (a piece of the form)."""
    found = units_found(request.GET.get("where", ""), request.who)
    return render(request, "territories/people/_units.html", {"found": found, "asked": True})


# -- Changing -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@for_managers
def invite(request: HttpRequest) -> HttpResponse:
    """Give somebody a post by his address; he gets an account if he has none."""
    initial = {"valid_from": today(), "language": request.LANGUAGE_CODE}
    form = InviteForm(typed(request), initial=initial, who=request.who)
    if form.is_bound and form.is_valid():
        try:
            post = people.invite(**form.cleaned_data, by=request.who, today=today())
        except ValidationError as wrong:
            form.refuse(wrong)
        else:
            text = _("The post is given. A letter goes to %(address)s.") % {"address": post.user.email}
            messages.success(request, text)
            return redirect("people:person", post.user_id)
    return render(request, "territories/people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_managers
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a further post to somebody who has an account."""
    user = person_of(request, pk)
    form = PostForm(typed(request), initial={"valid_from": today()}, who=request.who)
    if form.is_bound and form.is_valid():
        try:
            people.appoint(user, **form.cleaned_data, by=request.who, today=today())
        except ValidationError as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The post is given."))
            return redirect("people:person", user.pk)
    return render(
        request,
        "territories/people/appoint.html",
        {"form": form, "person": user},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
@for_managers
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the last day of a post, or withdraw it at once."""
    rows = Post.objects.visible_to(request.who).select_related("territory", "organisation__territory", "user")
    post = get_object_or_404(rows, pk=pk)
    if not appointments.may_end(request.who, post):
        raise PermissionDenied(_("You may not end this post."))
    initial = {"how": "day", "last_day": today(), "version": post.version}
    form, status = EndPostForm(typed(request), initial=initial), 200
    if form.is_bound:
        status = 422
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        given = {"reason": values["reason"], "seen_version": values["version"], "by": request.who, "today": today()}
        try:
            if values["how"] == "now":
                people.withdraw_post(post, **given)
            else:
                people.end_post(post, last_day=values["last_day"], **given)
        except people.Stale as stale:
            form.add_error(None, str(stale))
            post, status = stale.current, 409
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The end of the post is written down."))
            return redirect("people:person", post.user_id)
    return render(request, "territories/people/end_post.html", {"form": form, "post": post}, status=status)


@require_http_methods(["GET", "POST"])
@for_managers
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend name, address, telephone, language."""
    user = person_of(request, pk)
    if not request.who.is_administrator:
        raise PermissionDenied(_("You may not change this account."))
    form, status, theirs = PersonForm(typed(request), instance=user), 200, None
    if form.is_bound:
        status = 422
    if form.is_bound and form.is_valid():
        try:
            people.change_person(user, values=form.values, seen_version=form.cleaned_data["version"], by=request.who)
        except people.Stale as stale:
            form.add_error(None, str(stale))
            theirs, status = stale.current, 409
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("The account is changed."))
            return redirect("people:person", pk)
    context = {"form": form, "person": User.objects.get(pk=pk), "differences": differences(form, theirs)}
    return render(request, "territories/people/edit.html", context, status=status)


def differences(form: PersonForm, theirs: User | None) -> list[dict]:
    """Field by field what the other person wrote and what was typed here."""
    if theirs is None:
        return []
    pairs = ((name, getattr(theirs, name), form.values[name]) for name in form.values)
    return [
        {"label": form.fields[name].label, "theirs": other, "mine": mine}
        for name, other, mine in pairs
        if other != mine
    ]


@require_POST
@for_managers
def close(request: HttpRequest, pk: int) -> HttpResponse:
    return with_reason(request, pk, people.close_account, "close_form", _("The account is closed."))


@require_POST
@for_managers
def remove_factor(request: HttpRequest, pk: int) -> HttpResponse:
    def remove(user, *, reason, seen_version, by, today):
        people.reset_second_factor(user, reason=reason, by=by)

    return with_reason(request, pk, remove, "factor_form", _("The second factor is removed."))


def with_reason(request: HttpRequest, pk: int, step: Callable, name: str, done: str) -> HttpResponse:
    """Take a step on an account that asks for a reason; the page itself shows what was refused."""
    user, form, status = person_of(request, pk), ReasonForm(request.POST), 422
    if form.is_valid():
        values = form.cleaned_data
        try:
            step(user, reason=values["reason"], seen_version=values["version"], by=request.who, today=today())
        except people.Stale as stale:
            form.add_error(None, str(stale))
            status = 409
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, done)
            return redirect("people:person", pk)
    return person_page(request, user, status=status, **{name: form})


@require_POST
@for_managers
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_of(request, pk)
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdecimal() else 0
        people.reopen_account(user, seen_version=seen, by=request.who, today=today())
    except people.Stale as stale:
        messages.error(request, str(stale))
        return person_page(request, person_of(request, pk), status=409)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The account is open again."))
    return redirect("people:person", pk)


@require_POST
@for_managers
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the link with which the person sets his password."""
    user = person_of(request, pk)
    try:
        people.send_set_up_link(user, by=request.who, today=today())
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("A letter goes to %(address)s.") % {"address": user.email})
    return redirect("people:person", pk)
