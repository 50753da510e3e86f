"""Addresses of the publication of one meeting, and of the quarterly information."""

from django.urls import path, register_converter

from .models import What
from .views import publication, quarters


class WhatConverter:
    """One of the three documents."""

    regex = "|".join(What.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(WhatConverter, "what")

urlpatterns = [
    path("meetings/<int:pk>/publication/", publication.publication, name="publication"),
    path("meetings/<int:pk>/publication/<what:what>/freeze/", publication.freeze, name="document_freeze"),
    path("meetings/<int:pk>/publication/versions/<int:version>/publish/", publication.publish, name="document_publish"),
    path("meetings/<int:pk>/publication/<what:what>/<int:number>/", publication.compare, name="document_compare"),
    path("meetings/<int:pk>/publication/places/<int:publication>/look/", publication.look_now, name="look_now"),
    path("quarters/", quarters.quarters, name="quarters"),
    path("quarters/draft/", quarters.draft, name="quarter_draft"),
    path("quarters/<int:pk>/", quarters.quarter, name="quarter"),
    path("quarters/<int:pk>/freeze/", quarters.freeze, name="quarter_freeze"),
    path("quarters/<int:pk>/redraft/", quarters.redraft, name="quarter_redraft"),
    path("quarters/<int:pk>/publish/", quarters.publish, name="quarter_publish"),
]
