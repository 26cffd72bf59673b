import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('simulation', '0002_worked_cases'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalexpectedchange',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='976e9f47088a72f358434efe1069c013f635d520', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_fcb85', table='simulation_historicalexpectedchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalexpectedchange',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='5ee039236f7be89d49a70429097f2c82e060ca15', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_706fa', table='simulation_historicalexpectedchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalworkedcase',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dd2ab354f5aadb652af078d804fcb3af6896a840', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_35a08', table='simulation_historicalworkedcase', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalworkedcase',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='207e4ad2c6e73cccc2c08c79cd18bfc0b199c96d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_32fc2', table='simulation_historicalworkedcase', when='BEFORE')),
                ),
            ]
        ),
    ]
