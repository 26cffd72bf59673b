"""Addresses of the office beside those of its admin pages; they stand before the admin's own."""

from django.contrib import admin
from django.urls import path

from agency.admin.passwords import OwnPasswordView

urlpatterns = [
    path("admin/password_change/", admin.site.admin_view(OwnPasswordView.as_view()), name="own_password"),
]
