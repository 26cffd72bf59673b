import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0008_lists_and_queues_have_indexes'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='diseaseregistration',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."disease_id" IS DISTINCT FROM NEW."disease_id" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."period" IS DISTINCT FROM NEW."period")) OR ((OLD.state = \'approved\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."disease_id" IS DISTINCT FROM NEW."disease_id" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."state" IS DISTINCT FROM NEW."state")) OR ((OLD.state = \'refused\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."disease_id" IS DISTINCT FROM NEW."disease_id" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."period" IS DISTINCT FROM NEW."period" OR OLD."state" IS DISTINCT FROM NEW."state")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'refused\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='a7be64251bb1c9d5bca6fb5793beb7ab61af4b83', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_25d51', table='members_diseaseregistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diseaseregistration',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='6acbd5c6bc7abe7204317469c6e24f9649866842', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_e0e06', table='members_diseaseregistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='diseaseregistration',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='87bd0fa86105db829c5906d62eae42d7227c0ba9', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_5afc9', table='members_diseaseregistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcivilservantbasis',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b8768349153714f01e06ad9dee19e4091e2fad0a', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_bd465', table='members_historicalcivilservantbasis', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcivilservantbasis',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='6474aeff5d96960c6eb7a632374b9b0fd52484b4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_08e15', table='members_historicalcivilservantbasis', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcontribution',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0ec28e410c6d52780aa9f3d7c0862dd362703f63', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_1669c', table='members_historicalcontribution', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcontribution',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='f8402d5d96f3eaa2ab56da0abff13ec1f42c9d70', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_c8014', table='members_historicalcontribution', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaldiseaseregistration',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a45bc8a7276d481070745f11cfdd83901853d71d', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_a6795', table='members_historicaldiseaseregistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaldiseaseregistration',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='e7a0b8ea7b133a57ff2c7d3548cc1317b590430b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_57eb4', table='members_historicaldiseaseregistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalenrollment',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5aac2ec69b01c2e6283d6a2cb1785600fe32f73e', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_bfd8e', table='members_historicalenrollment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalenrollment',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='50b04f3f98a70589566bbdc0d6762225c9a34985', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_ddc9a', table='members_historicalenrollment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalfamilydoctorcontract',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='794b4c1753715a32882f2e6833d3b8268ec3ac0a', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_4220a', table='members_historicalfamilydoctorcontract', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalfamilydoctorcontract',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='51aca7b7202cc3300b5afff48d136f349318a1b7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_be4cf', table='members_historicalfamilydoctorcontract', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalhospitalstay',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f7fa378e5dc155e8748796a3572ca1d93089e601', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_d37ac', table='members_historicalhospitalstay', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalhospitalstay',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='398c08c4acd5d90244d55a4c436d6a8734ec5c4d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_40519', table='members_historicalhospitalstay', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalmember',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5ab424d9d5707afcc292aabc2faccdd9efd439fb', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_1e362', table='members_historicalmember', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalmember',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='0610ac503ebac5a1a92c01c6951058fcc96b5e6e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_68165', table='members_historicalmember', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaloutofarearegistration',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='11965c0a2f7eee1303deb18510da42ca62ceb465', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_5cd0d', table='members_historicaloutofarearegistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicaloutofarearegistration',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='83bb85c7794cb9cc765684eb1e11b55bdfcc6552', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_63134', table='members_historicaloutofarearegistration', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalspecialnursing',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='24419ba47e5ab6000ff61236ddba94ba7b7e6b49', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_be3b7', table='members_historicalspecialnursing', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalspecialnursing',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='be64722bd545672db6414b3986a02474e39b14f2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_4bae9', table='members_historicalspecialnursing', when='BEFORE')),
                ),
            ]
        ),
    ]
