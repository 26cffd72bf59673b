import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('clearing', '0003_lists_and_queues_have_indexes'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name='providerstatement',
                    name='approved_rows_are_kept',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='providerstatement',
                    name='approved_figures_are_kept',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='yearclearing',
                    name='approved_rows_are_kept',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='yearclearing',
                    name='approved_figures_are_kept',
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='auditdeduction',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."amount" IS DISTINCT FROM NEW."amount" OR OLD."finding" IS DISTINCT FROM NEW."finding" OR OLD."found_on" IS DISTINCT FROM NEW."found_on" OR OLD."noted_by_id" IS DISTINCT FROM NEW."noted_by_id" OR OLD."gives_back_id" IS DISTINCT FROM NEW."gives_back_id") OR (OLD.withdrawn_reason <> \'\' AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."amount" IS DISTINCT FROM NEW."amount" OR OLD."finding" IS DISTINCT FROM NEW."finding" OR OLD."found_on" IS DISTINCT FROM NEW."found_on" OR OLD."noted_by_id" IS DISTINCT FROM NEW."noted_by_id" OR OLD."statement_id" IS DISTINCT FROM NEW."statement_id" OR OLD."withdrawn_reason" IS DISTINCT FROM NEW."withdrawn_reason" OR OLD."gives_back_id" IS DISTINCT FROM NEW."gives_back_id")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='2d7f4bad372d06db62bcb6196634eda73a7ec4f2', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_935ff', table='clearing_auditdeduction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='auditdeduction',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='3b38c0b1987990b98362937224c018b418d5713f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_3e547', table='clearing_auditdeduction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='auditdeduction',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b20fa7f4acc5fc7c6d80cf20c75791309bac7c05', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_b861b', table='clearing_auditdeduction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalauditdeduction',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7a0a04ac17718399c1e3365bc30d7dad4e39f172', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_f511d', table='clearing_historicalauditdeduction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalauditdeduction',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='976109b03ea958837750fa21b9facbe27b7fb688', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_54cd1', table='clearing_historicalauditdeduction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalproviderstatement',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='36eb89b340d133ac3ad65d6c33751744d73f1789', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_62154', table='clearing_historicalproviderstatement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalproviderstatement',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='6984dd361a07fa6b840661cb1a53a828efaf1860', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_29d03', table='clearing_historicalproviderstatement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalyearclearing',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='84774e7066acc7905c0ca47c521fb0b7fcf0a1f6', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_f8af6', table='clearing_historicalyearclearing', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalyearclearing',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='d671fc229954acbe2565d7876528f3cd8b967597', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_f6e4c', table='clearing_historicalyearclearing', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='providerstatement',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."paid_on" IS DISTINCT FROM NEW."paid_on" OR OLD."paid_by_id" IS DISTINCT FROM NEW."paid_by_id" OR OLD."bank_reference" IS DISTINCT FROM NEW."bank_reference" OR OLD."payee_confirmed_by_id" IS DISTINCT FROM NEW."payee_confirmed_by_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."month" IS DISTINCT FROM NEW."month" OR OLD."claims" IS DISTINCT FROM NEW."claims" OR OLD."total" IS DISTINCT FROM NEW."total" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."payable" IS DISTINCT FROM NEW."payable")) OR ((OLD.state = \'approved\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."approved_on" IS DISTINCT FROM NEW."approved_on" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."month" IS DISTINCT FROM NEW."month" OR OLD."claims" IS DISTINCT FROM NEW."claims" OR OLD."total" IS DISTINCT FROM NEW."total" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."payable" IS DISTINCT FROM NEW."payable")) OR ((OLD.state = \'paid\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."approved_on" IS DISTINCT FROM NEW."approved_on" OR OLD."paid_on" IS DISTINCT FROM NEW."paid_on" OR OLD."paid_by_id" IS DISTINCT FROM NEW."paid_by_id" OR OLD."bank_reference" IS DISTINCT FROM NEW."bank_reference" OR OLD."payee_bank" IS DISTINCT FROM NEW."payee_bank" OR OLD."payee_account" IS DISTINCT FROM NEW."payee_account" OR OLD."payee_confirmed_by_id" IS DISTINCT FROM NEW."payee_confirmed_by_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."month" IS DISTINCT FROM NEW."month" OR OLD."claims" IS DISTINCT FROM NEW."claims" OR OLD."total" IS DISTINCT FROM NEW."total" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."payable" IS DISTINCT FROM NEW."payable")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'approved\' AND (NEW.state = \'paid\') OR OLD.state = \'draft\' AND (NEW.state = \'submitted\') OR OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'draft\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='771f60b804a4d6b156b4b2e56665380c3ef9fca9', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_94c42', table='clearing_providerstatement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='providerstatement',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='17fe0e6f9ea4b5b989002cbb4e8445af6f59fb92', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_68484', table='clearing_providerstatement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='providerstatement',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT ((OLD.state = 'draft')))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fe730296355a16ccc9f64d884ad6dffae9d9e2b5', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_ed49b', table='clearing_providerstatement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledfile',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."file" IS DISTINCT FROM NEW."file" OR OLD."digest" IS DISTINCT FROM NEW."digest" OR OLD."job_id" IS DISTINCT FROM NEW."job_id" OR OLD."settled_on" IS DISTINCT FROM NEW."settled_on" OR OLD."uploaded_by_id" IS DISTINCT FROM NEW."uploaded_by_id" OR OLD."uploaded_at" IS DISTINCT FROM NEW."uploaded_at"))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='4e8d9ce9fea885bad86e9b8ac745633862e61078', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_e5b51', table='clearing_settledfile', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledfile',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='605d968949474dd9ac8c3b6c6bdf13d48e420d79', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_9ce94', table='clearing_settledfile', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledfile',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='942a5ecaea7da3092bd2a0369a48bc71f50e3b07', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_385ff', table='clearing_settledfile', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledrecord',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."file_id" IS DISTINCT FROM NEW."file_id" OR OLD."line" IS DISTINCT FROM NEW."line" OR OLD."claim_number" IS DISTINCT FROM NEW."claim_number" OR OLD."member_number" IS DISTINCT FROM NEW."member_number" OR OLD."rows" IS DISTINCT FROM NEW."rows"))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='691e5dc19764c22de337ec14055c024486915e0e', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_32167', table='clearing_settledrecord', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledrecord',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='76eb2fcfb1e6030e6d9176d26bb5d3e032bb14aa', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_8addc', table='clearing_settledrecord', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settledrecord',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='03500443030fad8d50f1ef5aa0f4afdc7482b919', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_772cc', table='clearing_settledrecord', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='statemententry',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='15a4bbecdb79bd291d3a8f4f8403b8e5e32d0a7b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_a878b', table='clearing_statemententry', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yearclearing',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."paid_on" IS DISTINCT FROM NEW."paid_on" OR OLD."paid_by_id" IS DISTINCT FROM NEW."paid_by_id" OR OLD."bank_reference" IS DISTINCT FROM NEW."bank_reference" OR OLD."payee_confirmed_by_id" IS DISTINCT FROM NEW."payee_confirmed_by_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."paid" IS DISTINCT FROM NEW."paid" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."released" IS DISTINCT FROM NEW."released" OR OLD."kept" IS DISTINCT FROM NEW."kept" OR OLD."set_off" IS DISTINCT FROM NEW."set_off" OR OLD."against_id" IS DISTINCT FROM NEW."against_id" OR OLD."assessment" IS DISTINCT FROM NEW."assessment")) OR ((OLD.state = \'approved\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."approved_on" IS DISTINCT FROM NEW."approved_on" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."paid" IS DISTINCT FROM NEW."paid" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."released" IS DISTINCT FROM NEW."released" OR OLD."kept" IS DISTINCT FROM NEW."kept" OR OLD."set_off" IS DISTINCT FROM NEW."set_off" OR OLD."against_id" IS DISTINCT FROM NEW."against_id" OR OLD."assessment" IS DISTINCT FROM NEW."assessment")) OR ((OLD.state = \'paid\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."approved_on" IS DISTINCT FROM NEW."approved_on" OR OLD."paid_on" IS DISTINCT FROM NEW."paid_on" OR OLD."paid_by_id" IS DISTINCT FROM NEW."paid_by_id" OR OLD."bank_reference" IS DISTINCT FROM NEW."bank_reference" OR OLD."payee_bank" IS DISTINCT FROM NEW."payee_bank" OR OLD."payee_account" IS DISTINCT FROM NEW."payee_account" OR OLD."payee_confirmed_by_id" IS DISTINCT FROM NEW."payee_confirmed_by_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."pooled" IS DISTINCT FROM NEW."pooled" OR OLD."account" IS DISTINCT FROM NEW."account" OR OLD."spent" IS DISTINCT FROM NEW."spent" OR OLD."deducted" IS DISTINCT FROM NEW."deducted" OR OLD."carried" IS DISTINCT FROM NEW."carried" OR OLD."paid" IS DISTINCT FROM NEW."paid" OR OLD."retained" IS DISTINCT FROM NEW."retained" OR OLD."released" IS DISTINCT FROM NEW."released" OR OLD."kept" IS DISTINCT FROM NEW."kept" OR OLD."set_off" IS DISTINCT FROM NEW."set_off" OR OLD."against_id" IS DISTINCT FROM NEW."against_id" OR OLD."assessment" IS DISTINCT FROM NEW."assessment")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'approved\' AND (NEW.state = \'paid\') OR OLD.state = \'draft\' AND (NEW.state = \'submitted\') OR OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'draft\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='c890e391961c9022a4a2c945a3fd66b452c5f205', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_6b87d', table='clearing_yearclearing', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yearclearing',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='74b7c5db51fd98b618f5751e716e9609e0114d25', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_233c1', table='clearing_yearclearing', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='yearclearing',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT ((OLD.state = 'draft')))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e7b325e4e4519973e27f1b139d59e0e14311b2e6', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_b8158', table='clearing_yearclearing', when='BEFORE')),
                ),
            ]
        ),
    ]
