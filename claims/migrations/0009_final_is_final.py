import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0008_lists_and_queues_have_indexes'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='batchyear',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'settled\' OR OLD.state = \'skipped\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."batch_id" IS DISTINCT FROM NEW."batch_id" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."plan" IS DISTINCT FROM NEW."plan" OR OLD."difference" IS DISTINCT FROM NEW."difference" OR OLD."pooled_difference" IS DISTINCT FROM NEW."pooled_difference" OR OLD."sentence" IS DISTINCT FROM NEW."sentence")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='36677030b5f24f6b32917f4a1ec0414e7bb9c7a0', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_5497a', table='claims_batchyear', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='batchyear',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='391984759779e13ea51cfec0766d24ebc36043a1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_e2105', table='claims_batchyear', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='batchyear',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT ((OLD.state = 'faulty' OR OLD.state = 'left_out' OR OLD.state = 'listed' OR OLD.state = 'otherwise' OR OLD.state = 'same')))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='71c6bda6c52cc97a49a5fa24b20e749365df61ad', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_3e76d', table='claims_batchyear', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'settled\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."claim_number" IS DISTINCT FROM NEW."claim_number" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."channel" IS DISTINCT FROM NEW."channel" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."served_on" IS DISTINCT FROM NEW."served_on" OR OLD."served_at" IS DISTINCT FROM NEW."served_at" OR OLD."filed_on" IS DISTINCT FROM NEW."filed_on" OR OLD."prescribing_tier" IS DISTINCT FROM NEW."prescribing_tier" OR OLD."out_of_area" IS DISTINCT FROM NEW."out_of_area" OR OLD."place" IS DISTINCT FROM NEW."place" OR OLD."invoice_number" IS DISTINCT FROM NEW."invoice_number" OR OLD."disease_id" IS DISTINCT FROM NEW."disease_id" OR OLD."stay_hours" IS DISTINCT FROM NEW."stay_hours" OR OLD."late_filing_accepted_by_id" IS DISTINCT FROM NEW."late_filing_accepted_by_id" OR OLD."late_filing_reason" IS DISTINCT FROM NEW."late_filing_reason" OR OLD."pay_from_account" IS DISTINCT FROM NEW."pay_from_account" OR OLD."account_holder_id" IS DISTINCT FROM NEW."account_holder_id" OR OLD."created_at" IS DISTINCT FROM NEW."created_at")) OR ((OLD.state = \'reversed\' OR OLD.state = \'withdrawn\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."claim_number" IS DISTINCT FROM NEW."claim_number" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."member_id" IS DISTINCT FROM NEW."member_id" OR OLD."provider_id" IS DISTINCT FROM NEW."provider_id" OR OLD."channel" IS DISTINCT FROM NEW."channel" OR OLD."benefit" IS DISTINCT FROM NEW."benefit" OR OLD."served_on" IS DISTINCT FROM NEW."served_on" OR OLD."served_at" IS DISTINCT FROM NEW."served_at" OR OLD."filed_on" IS DISTINCT FROM NEW."filed_on" OR OLD."prescribing_tier" IS DISTINCT FROM NEW."prescribing_tier" OR OLD."out_of_area" IS DISTINCT FROM NEW."out_of_area" OR OLD."place" IS DISTINCT FROM NEW."place" OR OLD."invoice_number" IS DISTINCT FROM NEW."invoice_number" OR OLD."disease_id" IS DISTINCT FROM NEW."disease_id" OR OLD."stay_hours" IS DISTINCT FROM NEW."stay_hours" OR OLD."late_filing_accepted_by_id" IS DISTINCT FROM NEW."late_filing_accepted_by_id" OR OLD."late_filing_reason" IS DISTINCT FROM NEW."late_filing_reason" OR OLD."pay_from_account" IS DISTINCT FROM NEW."pay_from_account" OR OLD."account_holder_id" IS DISTINCT FROM NEW."account_holder_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."refusal_reason" IS DISTINCT FROM NEW."refusal_reason" OR OLD."refusal_instrument" IS DISTINCT FROM NEW."refusal_instrument" OR OLD."refusal_article" IS DISTINCT FROM NEW."refusal_article" OR OLD."refusal_phrase" IS DISTINCT FROM NEW."refusal_phrase" OR OLD."created_at" IS DISTINCT FROM NEW."created_at")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'refused\' AND (NEW.state = \'registered\' OR NEW.state = \'settled\' OR NEW.state = \'withdrawn\') OR OLD.state = \'registered\' AND (NEW.state = \'refused\' OR NEW.state = \'settled\' OR NEW.state = \'withdrawn\') OR OLD.state = \'settled\' AND (NEW.state = \'refused\' OR NEW.state = \'reversed\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='b750651b7ade6daf521e1c98f9e3fd66c4942baf', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_c036a', table='claims_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='a176e832e2ca2e8993deea154e262ab428fa1b39', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_2e569', table='claims_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='484677754e58e51442a7a08ba15620bbf2e762a9', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_e98db', table='claims_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claimdocument',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."file" IS DISTINCT FROM NEW."file" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."content_type" IS DISTINCT FROM NEW."content_type" OR OLD."size" IS DISTINCT FROM NEW."size" OR OLD."digest" IS DISTINCT FROM NEW."digest" OR OLD."uploaded_by_id" IS DISTINCT FROM NEW."uploaded_by_id" OR OLD."uploaded_at" IS DISTINCT FROM NEW."uploaded_at") OR (OLD.withdrawn_by_id IS NOT NULL AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."file" IS DISTINCT FROM NEW."file" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."content_type" IS DISTINCT FROM NEW."content_type" OR OLD."size" IS DISTINCT FROM NEW."size" OR OLD."digest" IS DISTINCT FROM NEW."digest" OR OLD."uploaded_by_id" IS DISTINCT FROM NEW."uploaded_by_id" OR OLD."uploaded_at" IS DISTINCT FROM NEW."uploaded_at" OR OLD."withdrawn_by_id" IS DISTINCT FROM NEW."withdrawn_by_id" OR OLD."withdrawn_reason" IS DISTINCT FROM NEW."withdrawn_reason")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='db50cdc41ada24db8b4fc8ae81a708f221e8da03', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_108ed', table='claims_claimdocument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claimdocument',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='ea7d245fdd18ae63def45a0b61ad3b8a1840b119', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_e0fe6', table='claims_claimdocument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claimdocument',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4b77a6486107d1e0f519e57669c8c4cf45af98e8', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_e223a', table='claims_claimdocument', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claimline',
                    trigger=pgtrigger.compiler.Trigger(name='lines_of_a_claim_stay_once_it_is_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF EXISTS (\n            SELECT FROM claims_claim WHERE id = OLD.claim_id AND state <> 'registered' AND state <> 'refused'\n        ) THEN\n            RAISE EXCEPTION 'the lines of a claim stay as they are once it is settled';\n        END IF;\n        RETURN coalesce(NEW, OLD);\n    ", hash='04f31c9df8527687f81c591046765266dc2effa7', operation='UPDATE OR DELETE', pgid='pgtrigger_lines_of_a_claim_stay_once_it_is_settled_784d2', table='claims_claimline', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claimline',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='8d37f4dc035d46cb2feb7a28f73613a64fd53a08', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_e6c74', table='claims_claimline', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalclaim',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fc757ad76c3aca4ca287b3831f1ea402c519ea63', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_5cca5', table='claims_historicalclaim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalclaim',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='528cdfe761b76a35546188464f8e85824378e069', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_23ad2', table='claims_historicalclaim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalclaimline',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='71cc2f41c047d3f1dbf1214b6aea2835334904db', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_73ab9', table='claims_historicalclaimline', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalclaimline',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='04173ca62ac7ca65d8e0803f71476a4331aa1d0a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_ad028', table='claims_historicalclaimline', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalresettlementbatch',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='61639b8be58945e9d10758f5935ea8dbf9d6a19d', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_1488c', table='claims_historicalresettlementbatch', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalresettlementbatch',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='76bc596a29d3922aa41f73d960f71efa459a9fd3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_871bb', table='claims_historicalresettlementbatch', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalreversal',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='41d929d870c4475f2b7e2fabead4196dc0114307', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_05364', table='claims_historicalreversal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalreversal',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='d2d88005b16da0fad8885afc05ec87a6afccd184', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_8f2e0', table='claims_historicalreversal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlement',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."reversal_id" IS DISTINCT FROM NEW."reversal_id" OR OLD."batch_year_id" IS DISTINCT FROM NEW."batch_year_id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."before_id" IS DISTINCT FROM NEW."before_id" OR OLD."after_id" IS DISTINCT FROM NEW."after_id" OR OLD."payee" IS DISTINCT FROM NEW."payee" OR OLD."was_paid_out" IS DISTINCT FROM NEW."was_paid_out" OR OLD."difference" IS DISTINCT FROM NEW."difference") OR (OLD.recovered_on IS NOT NULL AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."reversal_id" IS DISTINCT FROM NEW."reversal_id" OR OLD."batch_year_id" IS DISTINCT FROM NEW."batch_year_id" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."before_id" IS DISTINCT FROM NEW."before_id" OR OLD."after_id" IS DISTINCT FROM NEW."after_id" OR OLD."payee" IS DISTINCT FROM NEW."payee" OR OLD."was_paid_out" IS DISTINCT FROM NEW."was_paid_out" OR OLD."difference" IS DISTINCT FROM NEW."difference" OR OLD."recovered_on" IS DISTINCT FROM NEW."recovered_on" OR OLD."recovered_by_id" IS DISTINCT FROM NEW."recovered_by_id" OR OLD."recovery_reference" IS DISTINCT FROM NEW."recovery_reference")))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='e61a50440d67982fd939a7ae02f525465842f101', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_63a5e', table='claims_resettlement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlement',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='27d6346050fecf28dd6c2ebb5b3a1703f3a66997', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_06eb1', table='claims_resettlement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlement',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5aa1b34f2869493ea8ab1118ddfc00730113688d', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_a0116', table='claims_resettlement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlementbatch',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."version_id" IS DISTINCT FROM NEW."version_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."left_out_for" IS DISTINCT FROM NEW."left_out_for" OR OLD."concerned" IS DISTINCT FROM NEW."concerned" OR OLD."difference" IS DISTINCT FROM NEW."difference" OR OLD."pooled_difference" IS DISTINCT FROM NEW."pooled_difference")) OR ((OLD.state = \'settling\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."version_id" IS DISTINCT FROM NEW."version_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."left_out_for" IS DISTINCT FROM NEW."left_out_for")) OR ((OLD.state = \'discarded\' OR OLD.state = \'refused\' OR OLD.state = \'settled\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."region_id" IS DISTINCT FROM NEW."region_id" OR OLD."version_id" IS DISTINCT FROM NEW."version_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."left_out_for" IS DISTINCT FROM NEW."left_out_for" OR OLD."concerned" IS DISTINCT FROM NEW."concerned" OR OLD."difference" IS DISTINCT FROM NEW."difference" OR OLD."pooled_difference" IS DISTINCT FROM NEW."pooled_difference" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."job_id" IS DISTINCT FROM NEW."job_id")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'draft\' AND (NEW.state = \'discarded\' OR NEW.state = \'planning\' OR NEW.state = \'submitted\') OR OLD.state = \'planning\' AND (NEW.state = \'discarded\' OR NEW.state = \'draft\') OR OLD.state = \'settling\' AND (NEW.state = \'settled\') OR OLD.state = \'submitted\' AND (NEW.state = \'refused\' OR NEW.state = \'settling\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='b6180827271b37ae5845d9d3409c1971f6ce73ad', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_cdcec', table='claims_resettlementbatch', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlementbatch',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='3eb624c7ec9be3acffcd87c459ef1c448addeec8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_5efa1', table='claims_resettlementbatch', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='resettlementbatch',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='936c835d28a8d39b4905f39f1d6d7d9a8cf2b321', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_b4c34', table='claims_resettlementbatch', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reversal',
                    trigger=pgtrigger.compiler.Trigger(name='final_columns_are_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD.state = \'submitted\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."settlement_id" IS DISTINCT FROM NEW."settlement_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."plan" IS DISTINCT FROM NEW."plan")) OR ((OLD.state = \'approved\' OR OLD.state = \'refused\') AND (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."authors" IS DISTINCT FROM NEW."authors" OR OLD."submitted_by_id" IS DISTINCT FROM NEW."submitted_by_id" OR OLD."submitted_at" IS DISTINCT FROM NEW."submitted_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decision_reason" IS DISTINCT FROM NEW."decision_reason" OR OLD."payload_hash" IS DISTINCT FROM NEW."payload_hash" OR OLD."settlement_id" IS DISTINCT FROM NEW."settlement_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."plan" IS DISTINCT FROM NEW."plan" OR OLD."state" IS DISTINCT FROM NEW."state")) OR (NEW.state <> OLD.state AND NOT (OLD.state = \'submitted\' AND (NEW.state = \'approved\' OR NEW.state = \'refused\'))))', func="RAISE EXCEPTION '% #%: what was submitted or decided changes by its own moves alone', TG_TABLE_NAME, OLD.id;", hash='154f1494890f9490fb050e32d7fcb0fa3b68b1fb', operation='UPDATE', pgid='pgtrigger_final_columns_are_kept_e1b34', table='claims_reversal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reversal',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% holds what was decided', TG_TABLE_NAME;", hash='95d51e72e4426310fa19777aea1d344c0877df51', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_final_rows_are_never_truncated_2a94a', table='claims_reversal', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='reversal',
                    trigger=pgtrigger.compiler.Trigger(name='final_rows_are_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a2360eef0b35f2ac65d399147ca06e863de42ad3', operation='DELETE', pgid='pgtrigger_final_rows_are_never_deleted_ef3a4', table='claims_reversal', when='BEFORE')),
                ),
            ]
        ),
    ]
