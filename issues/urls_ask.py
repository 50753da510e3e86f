"""The public form; the language stands in front of its address."""

from django.urls import path

from . import public_ask

app_name = "ask"
urlpatterns = [path("<int:pk>/", public_ask.ask, name="form")]
