"""The region of a row, which is the one that the person chose."""

from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from agency.models import PoolingRegion
from files.importing.cells import Column
from files.importing.spelling import CellRefused, read_code


class RegionCell(Widget):
    """The pooling region, by slug, administrative division code or name; it must be the one that the clerk chose."""

    def __init__(self, chosen: PoolingRegion) -> None:
        """chosen: the region whose rows are imported."""
        super().__init__()
        self.spelled = {
            spelling: region
            for region in PoolingRegion.objects.all()
            for spelling in (region.slug, region.admdvs, region.name, region.name_en)
        }
        self.chosen = chosen

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> PoolingRegion:
        region = self.spelled.get(value) or self.spelled.get(read_code(value))
        if region is None:
            raise CellRefused(_("There is no such region."))
        if region != self.chosen:
            raise CellRefused(_("This row belongs to another region than the one chosen."))
        return self.chosen


class RegionColumn(Column):
    """The region of a row. Where a file has no such column, all of it is for the region chosen."""

    def clean(self, row: dict[str, str], **kwargs: Any) -> Any:
        return super().clean(row, **kwargs) if self.column_name in row else self.widget.chosen
