"""One address of the API that tells who asks, for the tests of tokens."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from akim_meetings import urls


class Probe(APIView):
    """GET tells the post; POST raises what the body asks for."""

    def get(self, request):
        who = request.who
        return Response({"post": who.post.pk, "user": request.user.email, "address": who.address})

    def post(self, request):
        raise {
            "field": ValidationError({"date": "a day off"}),
            "general": ValidationError("not like this"),
            "denied": PermissionDenied("not yours"),
            "missing": Http404("table meeting, id 5"),
        }[request.data["raise"]]


urlpatterns = [path("probe/", Probe.as_view()), *urls.urlpatterns]
