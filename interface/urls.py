"""Where providers' systems send their messages, and where it is written how."""

from django.urls import path

from interface.views import exchange, schema

urlpatterns = [
    path("", exchange, name="interface"),
    path("openapi.json", schema, name="interface_schema"),
]
