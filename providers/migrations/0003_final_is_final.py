import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from agency.trigger_migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('providers', '0002_divisions'),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalagreement',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6964cf093a550212a25204e7a7076b204a5344a4', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_00c5f', table='providers_historicalagreement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalagreement',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='bb4f8e5f74c8b23456773bfea131b50e61100e9d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_db356', table='providers_historicalagreement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcatalogitem',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6401831606428a5e8fb647cf34b0ee4cfc21e1fa', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_d2641', table='providers_historicalcatalogitem', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalcatalogitem',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='4285d6cacb34297dba3f8a6c0e3d3b8fdc430c69', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_f4745', table='providers_historicalcatalogitem', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalprovider',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='335d9ceb13ef6681a4996ed477e4f42a1a04be57', operation='UPDATE OR DELETE', pgid='pgtrigger_rows_are_append_only_815c6', table='providers_historicalprovider', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='historicalprovider',
                    trigger=pgtrigger.compiler.Trigger(name='rows_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;", hash='60155fed1f0733f002d1628135ea61ee6b01bf10', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rows_are_never_truncated_2d6e1', table='providers_historicalprovider', when='BEFORE')),
                ),
            ]
        ),
    ]
