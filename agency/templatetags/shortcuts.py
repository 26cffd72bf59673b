"""Marks what a key presses, in templates."""

from django import template
from django.forms.utils import flatatt

from agency.shortcuts import shortcut

register = template.Library()


@register.simple_tag
def keys(name: str) -> str:
    """The attributes of the element that a shortcut presses."""
    return flatatt(shortcut(name).attrs)
