"""Names are found by their pinyin; those that are known already are spelled here."""

from typing import Any

from django.db import migrations, models

from members.pinyin import spelled

_BATCH = 10_000
_WRITE = """
    UPDATE members_member AS member SET pinyin = known.pinyin, initials = known.initials
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS known (id, pinyin, initials) WHERE member.id = known.id
"""


def spell_names(apps: Any, schema_editor: Any) -> None:
    """In batches, so that a million of them do not have to be in memory."""
    named = apps.get_model("members", "Member").objects.order_by("pk").values_list("pk", "name")
    last = 0
    while rows := list(named.filter(pk__gt=last)[:_BATCH]):
        keys, names = zip(*rows, strict=True)
        pinyin, initials = zip(*map(spelled, names), strict=True)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(keys), list(pinyin), list(initials)])
        last = keys[-1]


class Migration(migrations.Migration):

    dependencies = [
        ('agency', '0004_notable_rule_change'),
        ('members', '0005_contribution_months'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='member',
            name='member_name_trigrams',
        ),
        migrations.AddField(
            model_name='member',
            name='initials',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='member',
            name='pinyin',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=400),
        ),
        migrations.RunPython(spell_names, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['region', 'name'], name='members_by_name', opclasses=['int8_ops', 'text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['region', 'pinyin'], name='members_by_pinyin', opclasses=['int8_ops', 'text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['region', 'initials'], name='members_by_initials', opclasses=['int8_ops', 'text_pattern_ops']),
        ),
    ]
