"""Programs act for a post with a token; a lost, revoked or expired one is a stranger."""

import hashlib

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.throttling import UserRateThrottle

from .models import ApiToken
from .scope import Who, today


class TokenAuthentication(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request):
        given = request.headers.get("Authorization", "").split()
        if len(given) != 2 or given[0] != self.keyword:
            return None
        digest = hashlib.sha256(given[1].encode()).hexdigest()
        token = ApiToken.objects.filter(digest=digest, revoked_at=None).select_related("post__user").first()
        return None if token is None else (token.post.user, token)

    def authenticate_header(self, request) -> str:
        return self.keyword


class PostRateThrottle(UserRateThrottle):
    scope = "post"
