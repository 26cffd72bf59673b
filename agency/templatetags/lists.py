"""What a list page says of its cells."""

from django import template
from django.utils.safestring import SafeString
from unfold.templatetags.unfold_list import LINK_CLASSES, ROW_CLASSES

register = template.Library()

# What Unfold repeats in every cell, and the one class of ours that means the same (desk.css).
_REPEATED = (" " + " ".join(ROW_CLASSES), ' class="' + " ".join(LINK_CLASSES) + '" ')


@register.filter
def lean(cell: SafeString) -> SafeString:
    """The cell without the classes that all cells have; what a value says cannot look like them, as it is escaped."""
    for words in _REPEATED:
        cell = SafeString(cell.replace(words, "", 1))
    return cell
