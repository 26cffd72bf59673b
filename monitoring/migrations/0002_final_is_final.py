import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0001_initial'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalmonitoringstandard',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='231b05993c8f94c7f07b7b735dd27fc800f4e64b', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_50bfc', table='monitoring_historicalmonitoringstandard', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalmonitoringstandard',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='eded7408ef8a6713abdb88e419fcdc978ced541f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_d68e2', table='monitoring_historicalmonitoringstandard', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalreviewflag',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='559845001701b0a44d62fb2850d3cad3a96d7bdf', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_386c7', table='monitoring_historicalreviewflag', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalreviewflag',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='fe6f8b81bc3f0c1b88571b64e1037a00a08d313b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_41d95', table='monitoring_historicalreviewflag', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reviewflag',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'confirmed\' OR OLD.state = \'dismissed\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."key" IS DISTINCT FROM NEW."key" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."first_day" IS DISTINCT FROM NEW."first_day" OR OLD."last_day" IS DISTINCT FROM NEW."last_day" OR OLD."facts" IS DISTINCT FROM NEW."facts" OR OLD."raised_at" IS DISTINCT FROM NEW."raised_at" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='5b90cd4e554838a74f5a6ba3958679e46aa351b4', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_1675e', table='monitoring_reviewflag', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reviewflag',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='64856d2c803ac81a0ecbce89aaca971c33a05d9a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_7f5b6', table='monitoring_reviewflag', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reviewflag',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='627857239aa22fdc9283509737e4ee6d8ec9e99a', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_50c7d', table='monitoring_reviewflag', when='BEFORE')),
                ),
            ]
        ),
    ]
