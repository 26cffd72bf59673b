import hashlib

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from agency.trigger_migrations import Together


def note_digests(apps, schema_editor):
    """Of the files of documents as they are now: from here on they stay as they are. One that is gone stays without."""
    for instrument in apps.get_model("policies", "Instrument")._default_manager.exclude(file=""):
        try:
            with instrument.file.open("rb") as content:
                instrument.digest = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            continue
        instrument.save(update_fields=["digest"])


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0009_lists_and_queues_have_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='instrument',
            name='digest',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunPython(note_digests, migrations.RunPython.noop, elidable=True),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='accountuse',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='71444a5acf6497ea04ce246d3fc1f25a653fde88', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_b171c', table='policies_accountuse', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='averagepension',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."monthly" IS DISTINCT FROM NEW."monthly" OR OLD."is_final" IS DISTINCT FROM NEW."is_final" OR OLD."source" IS DISTINCT FROM NEW."source" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."confirmed_reason" IS DISTINCT FROM NEW."confirmed_reason" OR OLD."earlier_year" IS DISTINCT FROM NEW."earlier_year" OR OLD."earlier_monthly" IS DISTINCT FROM NEW."earlier_monthly" OR OLD."monthly_before" IS DISTINCT FROM NEW."monthly_before")) OR ((OLD.state = \'refused\' OR OLD.state = \'superseded\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."monthly" IS DISTINCT FROM NEW."monthly" OR OLD."is_final" IS DISTINCT FROM NEW."is_final" OR OLD."source" IS DISTINCT FROM NEW."source" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."confirmed_reason" IS DISTINCT FROM NEW."confirmed_reason" OR OLD."earlier_year" IS DISTINCT FROM NEW."earlier_year" OR OLD."earlier_monthly" IS DISTINCT FROM NEW."earlier_monthly" OR OLD."monthly_before" IS DISTINCT FROM NEW."monthly_before" OR OLD."state" IS DISTINCT FROM NEW."state")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'approved\' AND (NEW.state = \'superseded\') OR OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'refused\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='03f9069cd9efa7c242f40ffd99afcf750a8051d6', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_180ee', table='policies_averagepension', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='averagepension',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='b824efa0ca7665c60780f14f9886bdf96bdda351', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_37a19', table='policies_averagepension', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='averagepension',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='092787dc3e37f3be896129bb4e42e0ec467b409d', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_592b6', table='policies_averagepension', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='benefitterms',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='563a6a95482debe75acc4cef31016d4695b41f2f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_89795', table='policies_benefitterms', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='benefitupfrontshare',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='43a5133d0c2e8c610f772404a7e71f8935c4e455', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_1753a', table='policies_benefitupfrontshare', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ceiling',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='0998ab0be4a0eef7c3610fc7d2418bd930c6eaca', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_de8c3', table='policies_ceiling', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ceilingscoperow',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='7c75d9a40371bd1d1c1768b5d136a1285c59c89e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_542f4', table='policies_ceilingscoperow', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='closingrule',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='f7f595f5c22f9d5ca0949c9a7fa69f78e25c997e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_04f4c', table='policies_closingrule', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='conduct',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='162172a33ca727cc8a5e9188a377f84b095bb3fe', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_bc998', table='policies_conduct', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='creditrule',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='840fad79b7abbb1d0f4796875cdbdb0a69d0b523', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_b5e4a', table='policies_creditrule', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='deductible',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='c368a4f2b5c992ea31f0e1e5b6175c8da196bf50', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_628f2', table='policies_deductible', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='deductibleexemption',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='65096e707f5173c803b08e3827429f86f2fa0794', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_7c7f1', table='policies_deductibleexemption', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='deductiblefactor',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='cfc8234f00cc789fc4063f38b116cfc0c9c9e1be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_93b4d', table='policies_deductiblefactor', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='exclusionrow',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='7d44862f7bd0e44c6fff8cff129524239cef2b0c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_575d6', table='policies_exclusionrow', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='filingdeadline',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='bba8f5340cc38a7c73e4d13618a3ff4697cf33c6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_8ba6d', table='policies_filingdeadline', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalaveragepension',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='25a546a4fd30a4fc541322bddc5d86183872d1ba', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_c2559', table='policies_historicalaveragepension', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalaveragepension',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='baaf5a8bba47f6060e3f92b5a17b942fdfdb9dbe', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_e3e21', table='policies_historicalaveragepension', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicallocalfigure',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='42a4103fafd22bfd4f9f41786bf416114ec7b2e8', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_c1089', table='policies_historicallocalfigure', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicallocalfigure',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='4e06b7227014b9606a7ff2566b42c1e7524cba8b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_394a0', table='policies_historicallocalfigure', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalpolicyversion',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='79823bf72c3808f143739df4cf503635bc68203f', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_c293a', table='policies_historicalpolicyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalpolicyversion',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='4c3dcd8f07b5a9497c5476a8dfd0576e7dd8108d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_1097e', table='policies_historicalpolicyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instrument',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."title" IS DISTINCT FROM NEW."title" OR OLD."issued_on" IS DISTINCT FROM NEW."issued_on" OR OLD."entered_by_id" IS DISTINCT FROM NEW."entered_by_id") OR (OLD.file <> \'\' AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."title" IS DISTINCT FROM NEW."title" OR OLD."issued_on" IS DISTINCT FROM NEW."issued_on" OR OLD."file" IS DISTINCT FROM NEW."file" OR OLD."digest" IS DISTINCT FROM NEW."digest" OR OLD."entered_by_id" IS DISTINCT FROM NEW."entered_by_id")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='8a6b95178a43a0d82dadc50678559c61fb08b1e4', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_d35f6', table='policies_instrument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instrument',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='8fa7c802d6e635adbd394aab277ffa8c87d1d5b6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_7d24b', table='policies_instrument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instrument',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='788011fc997072b39d0e9010afd86081414fbd68', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_7dcb9', table='policies_instrument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lawchange',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."first_month" IS DISTINCT FROM NEW."first_month" OR OLD."last_month" IS DISTINCT FROM NEW."last_month" OR OLD."cause" IS DISTINCT FROM NEW."cause" OR OLD."recorded_at" IS DISTINCT FROM NEW."recorded_at"))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='d1625c774123007fa684e4e840bdbf572bdf3710', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_47fbf', table='policies_lawchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lawchange',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='62b577dc10f6ca9339d0f9a7751030746bf94ccd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_4f34b', table='policies_lawchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='lawchange',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='27247aac3da559cc855457ba893e23bd70818e8f', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_bb60e', table='policies_lawchange', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='localfigure',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."tier" IS DISTINCT FROM NEW."tier" OR OLD."status" IS DISTINCT FROM NEW."status" OR OLD."value" IS DISTINCT FROM NEW."value" OR OLD."period" IS DISTINCT FROM NEW."period" OR OLD."document_number" IS DISTINCT FROM NEW."document_number" OR OLD."article" IS DISTINCT FROM NEW."article" OR OLD."phrase" IS DISTINCT FROM NEW."phrase")) OR ((OLD.state = \'approved\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."tier" IS DISTINCT FROM NEW."tier" OR OLD."status" IS DISTINCT FROM NEW."status" OR OLD."value" IS DISTINCT FROM NEW."value" OR OLD."document_number" IS DISTINCT FROM NEW."document_number" OR OLD."article" IS DISTINCT FROM NEW."article" OR OLD."phrase" IS DISTINCT FROM NEW."phrase" OR OLD."state" IS DISTINCT FROM NEW."state")) OR ((OLD.state = \'refused\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."tier" IS DISTINCT FROM NEW."tier" OR OLD."status" IS DISTINCT FROM NEW."status" OR OLD."value" IS DISTINCT FROM NEW."value" OR OLD."period" IS DISTINCT FROM NEW."period" OR OLD."document_number" IS DISTINCT FROM NEW."document_number" OR OLD."article" IS DISTINCT FROM NEW."article" OR OLD."phrase" IS DISTINCT FROM NEW."phrase" OR OLD."state" IS DISTINCT FROM NEW."state")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'refused\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='21a8f8ca4db8570b840270d7ebf0c4fbc7b8a188', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_9cf08', table='policies_localfigure', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='localfigure',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='6a11fbe610e5e03e710434a226bc3494435c36be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_6b899', table='policies_localfigure', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='localfigure',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='39fa7fc6f3053353f4399efd3460f4dedf9c99be', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_663d7', table='policies_localfigure', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='outofareabenefit',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='78c3bc2ce4360cad30565f6ca458a778a707e659', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_63c8f', table='policies_outofareabenefit', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='outofareashare',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='13e8f5765f4d676f80d0bf226fecccc55dd997f1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_3cb33', table='policies_outofareashare', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='policyversion',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."instrument_id" IS DISTINCT FROM NEW."instrument_id" OR OLD."label" IS DISTINCT FROM NEW."label" OR OLD."period" IS DISTINCT FROM NEW."period" OR OLD."article" IS DISTINCT FROM NEW."article" OR OLD."phrase" IS DISTINCT FROM NEW."phrase" OR OLD."reading" IS DISTINCT FROM NEW."reading" OR OLD."copied_from_id" IS DISTINCT FROM NEW."copied_from_id" OR OLD."drafted_by_id" IS DISTINCT FROM NEW."drafted_by_id" OR OLD."explained" IS DISTINCT FROM NEW."explained")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'draft\' AND (NEW.state = \'discarded\' OR NEW.state = \'published\' OR NEW.state = \'submitted\') OR OLD.state = \'submitted\' AND (NEW.state = \'draft\' OR NEW.state = \'published\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='0aa00841cd853f6bb1c93dcac0cb0938f8534b70', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_52d26', table='policies_policyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='policyversion',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='29271588307f3275d3574d5f3633be9953f64bfd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_63371', table='policies_policyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='policyversion',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT ((OLD.state = 'draft')))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='32ce91bb79928492518ffad2d44de81ef9d12538', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_0fc77', table='policies_policyversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='rateaddition',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='670b8445b674cb7cc53f1db4e8e56560386df0b8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_97c44', table='policies_rateaddition', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='refusalrule',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='4a8e36abd4ccbfb0cd5e8b59a248862b3934a180', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_53b74', table='policies_refusalrule', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reimbursementrate',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='6e3b360d50406fb602a125db89d1c9a89ec51633', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_373ac', table='policies_reimbursementrate', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='staylimit',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='a5a521e3fbd5d514e2fb8c02d0bdf23ed2912b8b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_9dcc9', table='policies_staylimit', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='upfrontshare',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='e9243a9d9029fd472a5075e49b789510a5272f7c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_05eb0', table='policies_upfrontshare', when='BEFORE')),
                ),
            ]
        ),
    ]
