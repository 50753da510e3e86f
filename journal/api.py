"""Door 3: the state of letters for programs. Texts and attachments stay on the pages."""

from __future__ import annotations

import django_filters
from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from .models import Notice
from .rest import Resource


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = (
            "id",
            "kind",
            "subject_type",
            "subject_id",
            "subject_version",
            "recipient_email",
            "language",
            "subject",
            "message_id",
            "state",
            "attempts",
            "created_at",
            "next_try",
            "sent_at",
            "last_reply",
            "resolved_by",
            "bounced_at",
        )


class NoticeFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Notice.State.choices)
    kind = django_filters.CharFilter(max_length=60)
    created_from = django_filters.DateFilter(field_name="created_at__date", lookup_expr="gte")
    created_to = django_filters.DateFilter(field_name="created_at__date", lookup_expr="lte")

    class Meta:
        model = Notice
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="Letters and how far they got"),
    retrieve=extend_schema(summary="One letter, by its id"),
)
class NoticeViewSet(Resource):
    """E-mails of the outbox inside the asker's territory. Confidential ones (passwords) never show."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    ordering = "-pk"

    def get_queryset(self):
        scope = import_string(settings.SCOPE_FOR)(self.request._request)
        rows = Notice.objects.filter(scope, confidential=False)
        return rows.exclude(scope_path="")
