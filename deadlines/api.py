"""Door 3: the ledger for programs, to read; one duty comes with the counting of its dates."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from journal.rest import Resource
from law.deadlines import Step
from law.explain import explain
from territories.api_fields import who_asks
from territories.models import Territory
from territories.scope import today

from .models import Duty, DutyState
from .wording import described_all, proof_of, wording_of


class DutyListSerializer(serializers.ListSerializer):
    """Names what all duties of a page are about at once, so that a page costs a constant number of queries."""

    def to_representation(self, data: Any) -> list[dict[str, Any]]:
        rows = list(data)
        self.child.words = {row["duty"].pk: row for row in described_all(rows, get_language() or "kk")}
        return super().to_representation(rows)


class DutySerializer(serializers.ModelSerializer):
    """One duty: what the act asks, of whom, the three dates and how it stands today."""

    edition = serializers.CharField(source="counting.edition", help_text="edition of the act by which it is counted")
    period = serializers.CharField(help_text="2027, 2027-H1, 2027-Q3")
    debtor = serializers.CharField(
        source="debtor.code", default=None, allow_null=True, help_text="code of the unit that owes"
    )
    body = serializers.CharField(
        source="body.key", default=None, allow_null=True, help_text="key of the body that owes"
    )
    owner = serializers.SerializerMethodField(help_text="name of the unit or body in the reader's language")
    asks = serializers.SerializerMethodField(help_text="what the line asks, in the reader's language")
    cite = serializers.SerializerMethodField(help_text="act and paragraph")
    about = serializers.SerializerMethodField(help_text="what it is about: a place, a year")
    subject = serializers.SerializerMethodField(help_text="kind and id of what it is about")
    safe_on = serializers.DateField(
        source="counting.safe_on", allow_null=True, help_text="last day by the strictest reading"
    )
    due_on = serializers.DateField(
        allow_null=True, help_text="last day by the chosen reading; null: no number in the act"
    )
    late_after = serializers.DateField(allow_null=True, help_text="only later it is a breach")
    target_on = serializers.DateField(
        source="counting.target_on", allow_null=True, help_text="internal target, a house rule"
    )
    state = serializers.ChoiceField(choices=DutyState.choices, help_text="as of today in Kazakhstan")

    class Meta:
        model = Duty
        list_serializer_class = DutyListSerializer
        fields: tuple[str, ...] = (
            "id",
            "rule_id",
            "edition",
            "year",
            "period",
            "debtor",
            "body",
            "owner",
            "asks",
            "cite",
            "about",
            "subject",
            "safe_on",
            "due_on",
            "late_after",
            "target_on",
            "met_on",
            "state",
        )
        read_only_fields = fields

    def words_of(self, duty: Duty) -> dict[str, Any]:
        known: dict[int, dict[str, Any]] = getattr(self, "words", {})
        if duty.pk not in known:
            known[duty.pk] = described_all([duty], get_language() or "kk")[0]
            self.words = known
        return known[duty.pk]

    def get_owner(self, duty: Duty) -> str:
        return str(self.words_of(duty)["unit"])

    def get_asks(self, duty: Duty) -> str:
        return str(self.words_of(duty)["sentence"])

    def get_cite(self, duty: Duty) -> str:
        return str(self.words_of(duty)["cite"])

    def get_about(self, duty: Duty) -> str:
        return str(self.words_of(duty)["title"])

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_subject(self, duty: Duty) -> dict[str, Any]:
        return {"kind": duty.subject_kind.name.lower(), "id": duty.subject_id}


class DutyWhySerializer(DutySerializer):
    """The duty with the act's own words, the counting of its dates step by step, and what it was met by."""

    anchors = serializers.JSONField(source="counting.anchors", help_text="days and numbers that it is counted from")
    derivation = serializers.JSONField(source="counting.derivation", help_text="the steps as data")
    why = serializers.SerializerMethodField(help_text="the steps in the reader's language")
    words = serializers.SerializerMethodField(  # type: ignore[assignment]
        method_name="get_quotes", help_text="the act's own words"
    )
    proof = serializers.SerializerMethodField(help_text="what it was met by")

    class Meta(DutySerializer.Meta):
        fields = (*DutySerializer.Meta.fields, "opened_on", "anchors", "derivation", "why", "words", "proof")
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_why(self, duty: Duty) -> list[str]:
        return [explain(Step.from_data(step), get_language() or "kk") for step in duty.counting.derivation]

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_quotes(self, duty: Duty) -> list[dict[str, str]]:
        return [{"language": quote.lang, "text": quote.text} for quote in wording_of(duty).words]

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": {}})
    def get_proof(self, duty: Duty) -> dict[str, str] | None:
        proof = proof_of(duty)
        return proof._asdict() if proof else None


class DutyFilter(django_filters.FilterSet):
    region = django_filters.CharFilter(method="in_region", max_length=12, help_text="code of a unit: it and all below")
    rule = django_filters.CharFilter(field_name="rule_id", lookup_expr="startswith", max_length=20)
    year = django_filters.NumberFilter(min_value=1990, max_value=2100)
    state = django_filters.MultipleChoiceFilter(choices=DutyState.choices)
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Duty
        fields = ()

    def in_region(self, rows, name: str, code: str):
        unit = None if "\0" in code else Territory.objects.filter(code=code, valid_to=None).first()
        return rows.under(unit) if unit else rows.none()


@extend_schema_view(
    list=extend_schema(summary="Duties: what is owed, by which day, and how it stands"),
    retrieve=extend_schema(summary="One duty with the counting of its dates", responses=DutyWhySerializer),
)
class DutyViewSet(Resource):
    """The ledger inside the asker's territory or body. Duties follow facts and are changed by nobody here."""

    queryset = Duty.objects.none()
    serializer_class = DutySerializer
    filterset_class = DutyFilter

    def get_serializer_class(self):
        return DutyWhySerializer if self.action == "retrieve" else DutySerializer

    def get_queryset(self):
        rows = Duty.objects.visible_to(who_asks(self.request)).with_state(today())
        rows = rows.select_related("debtor", "body", "counting")
        return rows if self.action == "retrieve" else rows.defer("counting__derivation", "counting__anchors")
