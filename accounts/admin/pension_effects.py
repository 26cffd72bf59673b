"""What an average pension would move, on the page on which another person decides it."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors.pension_effects import pension_effects
from agency.admin.formats import month, number, yuan
from agency.admin.panels import Column, Table, TablesPanel
from policies.models import PensionState


class PensionEffectsPanel(TablesPanel):
    """Retirees and yuan a month, while the figure waits."""

    name = "effects"
    title = gettext_lazy("What it moves")
    tab = False
    permission = "accounts.view_creditrun"

    def is_shown(self) -> bool:
        """What holds has moved already."""
        return self.obj.state == PensionState.SUBMITTED and super().is_shown()

    def tables(self) -> list[Table]:
        columns = (
            Column(_("Policy version"), lambda each: each.version.label),
            Column(_("Month looked at"), lambda each: month(each.month)),
            Column(_("Retirees"), lambda each: number(each.retirees), is_figure=True),
            Column(_("Credited on the figures in force, yuan"), lambda each: yuan(each.now), is_figure=True),
            Column(_("Credited on this figure, yuan"), lambda each: yuan(each.new), is_figure=True),
            Column(_("Difference a month, yuan"), lambda each: yuan(each.new - each.now), is_figure=True),
            Column(_("Months already posted"), lambda each: number(each.posted_months), is_figure=True),
        )
        effects = pension_effects(self.obj, localdate())
        return [Table.of(effects, columns, empty=_("No credit rests on it: it moves nothing for now."))]
