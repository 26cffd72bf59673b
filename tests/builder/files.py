"""A file on its whole way for tests of a kind: brought and previewed, confirmed, taken back."""

from dataclasses import dataclass
from datetime import date

from agency.models import PoolingRegion, User
from files.models import FileImport, ImportState
from files.services import file_imports
from files.services.import_steps import run_step
from tests.builder.sheets import sheet

TODAY = date(2024, 6, 3)
WHY = "the office's list says so"


@dataclass
class Brought:
    """A file of a kind that a clerk brings for a region, and where it is now."""

    file_import: FileImport
    clerk: User

    @classmethod
    def of(cls, kind: str, header: str, *rows: str, region: PoolingRegion, clerk: User) -> "Brought":
        """Brought and previewed."""
        content = sheet(header, *rows)
        brought = cls(
            file_imports.bring_file(kind, content, region=region, actor=clerk, name=f"{kind}.csv"),
            clerk,
        )
        brought.work()
        assert brought.file_import.state == ImportState.PREVIEWED, brought.file_import.notes
        return brought

    def work(self) -> None:
        """Do the step that waits."""
        run_step(FileImport.objects.get(pk=self.file_import.pk), TODAY)
        self.file_import = FileImport.objects.get(pk=self.file_import.pk)

    @property
    def outcomes(self) -> list[str]:
        """What each row does, in the order of the file."""
        return list(self.file_import.rows.order_by("number").values_list("outcome", flat=True))

    @property
    def wrong(self) -> list[tuple[int, str]]:
        """Line and column of every problem."""
        rows = self.file_import.rows.order_by("number")
        return [(row.line, column) for row in rows for column, _reason in row.problems]

    def confirm_or_wait(self) -> None:
        """Confirm the good rows and the doubtful ones, whatever becomes of it."""
        file_imports.confirm_import(
            self.file_import, actor=self.clerk, only_good_rows="wrong" in self.outcomes, with_doubtful=True, reason=WHY
        )
        self.work()

    def confirm(self) -> None:
        """Let the good rows go in."""
        self.confirm_or_wait()
        assert self.file_import.state == ImportState.IMPORTED, self.file_import.step.log

    def take_back(self) -> str:
        """Take it back. Returns what the job says where something stands on it, "" where it is taken back."""
        file_imports.request_taking_back(self.file_import, actor=self.clerk, reason="the wrong list")
        self.work()
        if self.file_import.state == ImportState.TAKEN_BACK:
            return ""
        return str(self.file_import.step.log)
