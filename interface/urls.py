"""Where providers' systems send their messages."""

from django.urls import path

from interface.views import exchange

urlpatterns = [
    path("", exchange, name="interface"),
]
