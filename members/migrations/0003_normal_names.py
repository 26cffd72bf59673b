"""Names that were entered with other dots and blanks are stored as they are searched now."""

from typing import Any

from django.db import migrations

from members.names import normal_name

_BATCH = 2_000


def write_in_normal_form(apps: Any, schema_editor: Any) -> None:
    """What the history says stays as it was."""
    members = apps.get_model("members", "Member").objects
    changed = []
    for member in members.only("name").order_by("pk").iterator(_BATCH):
        name = normal_name(member.name)
        if name != member.name:
            member.name = name
            changed.append(member)
    members.bulk_update(changed, ["name"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [("members", "0002_document_kinds")]

    operations = [migrations.RunPython(write_in_normal_form, migrations.RunPython.noop, elidable=True)]
