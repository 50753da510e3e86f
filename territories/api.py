"""Door 3: territories and organisations for programs. Read only; changes of the tree have their pages."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from journal.dates import fold
from journal.rest import Resource

from .api_fields import who_asks
from .models import Kind, Organisation, Territory
from .models.organisations import OrganisationKind


def code_of(name: str, **kwargs) -> serializers.CharField:
    """The code of a unit that a row names, or null."""
    return serializers.CharField(source=f"{name}.code", default=None, allow_null=True, **kwargs)


class TerritorySerializer(serializers.ModelSerializer):
    parent = code_of("parent", help_text="code of the unit above")  # type: ignore[assignment]
    region = code_of("region", help_text="code of the region")
    successor = code_of("successor", help_text="code of the unit that took its place")

    class Meta:
        model = Territory
        fields = (
            "id",
            "code",
            "kind",
            "own_akim",
            "parent",
            "region",
            "name_kk",
            "name_ru",
            "name_en",
            "valid_from",
            "valid_to",
            "successor",
            "excluded",
            "excluded_reason",
        )


class TerritoryFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(max_length=12)
    kind = django_filters.MultipleChoiceFilter(choices=Kind)
    parent = django_filters.CharFilter(field_name="parent__code", max_length=12)
    region = django_filters.CharFilter(field_name="region__code", max_length=12)
    own_akim = django_filters.BooleanFilter()
    on = django_filters.DateFilter(method="existing_on", label="units that exist on this day")
    search = django_filters.CharFilter(method="named", max_length=100, label="part of a name, kk or ru")

    class Meta:
        model = Territory
        fields = ()

    def existing_on(self, rows, name, value):
        return rows.on(value)

    def named(self, rows, name, value):
        return rows.filter(search__contains=fold(value))


@extend_schema_view(
    list=extend_schema(summary="Units of the tree"), retrieve=extend_schema(summary="One unit, by its id")
)
class TerritoryViewSet(Resource):
    """Administrative-territorial units, abolished ones included (`valid_to`)."""

    queryset = Territory.objects.none()
    serializer_class = TerritorySerializer
    filterset_class = TerritoryFilter

    def get_queryset(self):
        rows = Territory.objects.visible_to(who_asks(self.request))
        return rows.select_related("parent", "region", "successor")


class OrganisationSerializer(serializers.ModelSerializer):
    territory = code_of("territory", help_text="code of its unit")

    class Meta:
        model = Organisation
        fields = ("id", "key", "kind", "territory", "name_kk", "name_ru", "name_en", "phone", "website")


class OrganisationFilter(django_filters.FilterSet):
    key = django_filters.CharFilter(max_length=40)
    kind = django_filters.MultipleChoiceFilter(choices=OrganisationKind.choices)
    territory = django_filters.CharFilter(field_name="territory__code", max_length=12)

    class Meta:
        model = Organisation
        fields = ()


@extend_schema_view(list=extend_schema(summary="Bodies"), retrieve=extend_schema(summary="One body, by its id"))
class OrganisationViewSet(Resource):
    """Akims' offices, maslikhats, the Government Office, central bodies, holdings. Mailboxes are not shown."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter

    def get_queryset(self):
        rows = Organisation.objects.visible_to(who_asks(self.request))
        return rows.select_related("territory")
