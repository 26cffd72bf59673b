import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('agency', '0006_taken_cases'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='export',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."listed" IS DISTINCT FROM NEW."listed" OR OLD."sheet" IS DISTINCT FROM NEW."sheet" OR OLD."form" IS DISTINCT FROM NEW."form" OR OLD."query" IS DISTINCT FROM NEW."query" OR OLD."filters" IS DISTINCT FROM NEW."filters" OR OLD."language" IS DISTINCT FROM NEW."language" OR OLD."asked_by_id" IS DISTINCT FROM NEW."asked_by_id" OR OLD."asked_at" IS DISTINCT FROM NEW."asked_at" OR OLD."job_id" IS DISTINCT FROM NEW."job_id"))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='482be69f3793091b2101e3465f9627bf11621385', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_a0f35', table='agency_export', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='export',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='2bf461b9ccdbc14427de68099007bfee64311d56', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_725c5', table='agency_export', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='export',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e98e0aa217a835c537267c1fd419499ba83fca34', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_44976', table='agency_export', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalpoolingregion',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5cd9e1d296ae7edc492770df4169c10aa7d17659', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_cca4a', table='agency_historicalpoolingregion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalpoolingregion',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='13823740e1ca8ef5b703a6ded70877be625f92e4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_fa4b2', table='agency_historicalpoolingregion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalroleassignment',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0700df7653edf44bd63b6d414647ab37aa6d3f06', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_4ff21', table='agency_historicalroleassignment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalroleassignment',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='7ff2f22f558db2b0c64dd90575ffaf9c0ab8560a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_ce83b', table='agency_historicalroleassignment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalrolerequest',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='32080cf51613b8c6f9fe400dc8b49f7fcb0f4e2d', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_d7d88', table='agency_historicalrolerequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalrolerequest',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='0e279b7226f0c6c26a853944c53c2fee539ea35d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_ae591', table='agency_historicalrolerequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaltakencase',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5df63e4e49c090d4e942e32f6c47d06ab206d497', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_5eae4', table='agency_historicaltakencase', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaltakencase',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='8e9496d3bfeddecb2076ced52596d8b2a988eff7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_ec97c', table='agency_historicaltakencase', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaluser',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb440bba2d71b3f8dba8b027cf2d84dc0901fd54', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_89b28', table='agency_historicaluser', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaluser',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='ee75090d43ee9ed1ed5fd9ebabe8ab0899714134', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_e041a', table='agency_historicaluser', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='rolerequest',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."change" IS DISTINCT FROM NEW."change" OR OLD."user_id" IS DISTINCT FROM NEW."user_id" OR OLD."role" IS DISTINCT FROM NEW."role" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."reason" IS DISTINCT FROM NEW."reason")) OR ((OLD.state = \'approved\' OR OLD.state = \'refused\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."change" IS DISTINCT FROM NEW."change" OR OLD."user_id" IS DISTINCT FROM NEW."user_id" OR OLD."role" IS DISTINCT FROM NEW."role" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."state" IS DISTINCT FROM NEW."state")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'refused\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='bc406412e24110a2f6010bc9bd0715d1bca37479', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_0e57d', table='agency_rolerequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='rolerequest',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='5cadcc72698bc0220bb9e0c61cc51bcc942d7ed3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_8acf3', table='agency_rolerequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='rolerequest',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e4a1bb409b95d1eae69fdf6272fb18a351c5e221', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_57a60', table='agency_rolerequest', when='BEFORE')),
                ),
            ]
        ),
    ]
