"""What an average pension would move, on the page on which another person decides it."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors.pension_effects import pension_effects
from agency.admin import column
from agency.admin.panels import Table, TablesPanel
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
            column.text("version__label", _("Policy version")),
            column.month("month", _("Month looked at")),
            column.number("retirees", _("Retirees")),
            column.yuan("now", _("Credited on the figures in force, yuan")),
            column.yuan("new", _("Credited on this figure, yuan")),
            column.yuan(lambda effect: effect.new - effect.now, _("Difference a month, yuan")),
            column.number("posted_months", _("Months already posted")),
        )
        effects = pension_effects(self.obj, localdate())
        return [Table.of(effects, columns, empty=_("No credit rests on it: it moves nothing for now."))]
