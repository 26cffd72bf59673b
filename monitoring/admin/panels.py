"""What other pages show of monitoring."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.panels import Table, TablesPanel
from monitoring.models import ReviewFlag
from monitoring.selectors.flags import explain_flag, open_flags


class FlagsPanel(TablesPanel):
    """The review flags that name the claim and wait for a decision; there only where there is one."""

    name = "flags"
    title = gettext_lazy("Review flags")
    tab = False
    leads = True
    permission = "monitoring.view_reviewflag"

    def is_shown(self) -> bool:
        """To whoever may see flags."""
        return super().is_shown() and bool(self.flags)

    @cached_property
    def flags(self) -> list[ReviewFlag]:
        return open_flags(self.obj.pk)

    def tables(self) -> list[Table]:
        columns = (
            column.link("", _("Flag")),
            column.text(explain_flag, _("Why it was raised")),
        )
        return [Table.of(self.flags, columns)]
