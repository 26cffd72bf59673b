"""What a list page answers."""

from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.http import HttpRequest
from unfold.views import ChangeList

from agency.admin.list_tools import COLUMNS_VAR, ListTools
from agency.admin.permissions import may


class DeskChangeList(ChangeList):
    """The rows of a list page, narrowed by the list's own filters and by nothing else.

    Django answers a lookup on any column of the model. One that no page shows could be read that way, a letter at a
    time, so what no filter of the list takes is refused with 400.
    """

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        """Who asks decides which of its forms are offered."""
        self._user = request.user
        self._request = request
        super().__init__(request, *arguments, **options)

    @property
    def sheets(self) -> list[Any]:
        """The forms in which the person may have the list as a file, beside the list itself."""
        return [sheet for sheet in self.model_admin.sheets if may(self._user, sheet.permission)]

    @property
    def tools(self) -> ListTools:
        """What is offered beside the rows."""
        return ListTools(self.model_admin, self._request, self)

    def get_filters_params(self, params: Any = None) -> Any:
        """The columns that were chosen are no filter."""
        kept = super().get_filters_params(params)
        kept.pop(COLUMNS_VAR, None)
        return kept

    def get_filters(self, request: HttpRequest) -> Any:
        """The filters, and the lookups of the house's own links."""
        filters = super().get_filters(request)
        left_over = filters[2]
        # A filter's bare column means the same as its "exact".
        columns = {each if isinstance(each, str) else each[0] for each in self.list_filter if not callable(each)}
        unknown = sorted(set(left_over) - columns - self.model_admin.linked_lookups)
        if unknown:
            raise DisallowedModelAdminLookup(f"The list has no filter {unknown[0][:50]!r}")
        return filters

    def get_results(self, request: HttpRequest) -> None:
        """Without search and filter the page's count is the full one."""
        super().get_results(request)
        # For whoever keeps a record of what was shown.
        request.__dict__["_desk_rows"] = self.result_list
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
