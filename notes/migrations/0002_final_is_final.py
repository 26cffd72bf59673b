import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('notes', '0001_initial'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaltask',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3ad2e0e54d42d2ada74040eb1982c36c973e1cd2', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_33672', table='notes_historicaltask', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaltask',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='9ac9c9edf75a613669723a165d3b9b889ddc0b23', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_537e3', table='notes_historicaltask', when='BEFORE')),
                ),
            ]
        ),
    ]
