import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agency', '0002_initial'),
        ('policies', '0002_rules_bound_their_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='averagepension',
            options={'ordering': ('region_id', '-year', '-id'), 'permissions': [('approve_averagepension', 'Can approve an average basic pension')], 'verbose_name': 'average basic pension', 'verbose_name_plural': 'average basic pensions'},
        ),
        migrations.RemoveConstraint(
            model_name='averagepension',
            name='one_average_pension_per_region_and_year',
        ),
        migrations.AddField(
            model_name='averagepension',
            name='authors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='confirmed_reason',
            field=models.CharField(blank=True, max_length=100, verbose_name='why the unusual figure is right'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='decided_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='decision_reason',
            field=models.TextField(blank=True, editable=False, verbose_name='reason for the decision'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='earlier_monthly',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='its figure, yuan a month'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='earlier_year',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='compared with the year'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='monthly_before',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='figure of the same year before, yuan a month'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='payload_hash',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='reason',
            field=models.CharField(blank=True, max_length=100, verbose_name='reason for the change'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='state',
            field=models.CharField(choices=[('submitted', 'submitted'), ('approved', 'approved'), ('refused', 'refused'), ('superseded', 'superseded')], default='approved', editable=False, max_length=16, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='submitted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='averagepension',
            name='submitted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='authors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='confirmed_reason',
            field=models.CharField(blank=True, max_length=100, verbose_name='why the unusual figure is right'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='decided_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='decision_reason',
            field=models.TextField(blank=True, editable=False, verbose_name='reason for the decision'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='earlier_monthly',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='its figure, yuan a month'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='earlier_year',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='compared with the year'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='monthly_before',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='figure of the same year before, yuan a month'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='payload_hash',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='reason',
            field=models.CharField(blank=True, max_length=100, verbose_name='reason for the change'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='state',
            field=models.CharField(choices=[('submitted', 'submitted'), ('approved', 'approved'), ('refused', 'refused'), ('superseded', 'superseded')], default='approved', editable=False, max_length=16, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='submitted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='historicalaveragepension',
            name='submitted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by'),
        ),
        # What is recorded by now is law already.
        migrations.AlterField(
            model_name='averagepension',
            name='state',
            field=models.CharField(choices=[('submitted', 'submitted'), ('approved', 'approved'), ('refused', 'refused'), ('superseded', 'superseded')], default='submitted', editable=False, max_length=16, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='historicalaveragepension',
            name='state',
            field=models.CharField(choices=[('submitted', 'submitted'), ('approved', 'approved'), ('refused', 'refused'), ('superseded', 'superseded')], default='submitted', editable=False, max_length=16, verbose_name='state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='averagepension',
            trigger=pgtrigger.compiler.Trigger(name='an_average_pension_begins_submitted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state <> 'submitted')", func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='2d7047a1f6cf480cb406443119f4d1cb21ee7556', operation='INSERT', pgid='pgtrigger_an_average_pension_begins_submitted_cec13', table='policies_averagepension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='averagepension',
            trigger=pgtrigger.compiler.Trigger(name='an_average_pension_holds_after_approval', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'approved' AND NEW.state = 'approved' AND (OLD.state <> 'submitted' OR NEW.submitted_by_id IS NULL OR NEW.decided_by_id IS NULL))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c7fde861eeb63e2cd51a99068e05abc55bdfb7fc', operation='UPDATE', pgid='pgtrigger_an_average_pension_holds_after_approval_e9205', table='policies_averagepension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='averagepension',
            trigger=pgtrigger.compiler.Trigger(name='a_decided_average_pension_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'submitted')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ce546ea076a3119fa97446f3a7d0212f577c0800', operation='DELETE', pgid='pgtrigger_a_decided_average_pension_is_never_deleted_bdbf8', table='policies_averagepension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='averagepension',
            trigger=pgtrigger.compiler.Trigger(name='an_approved_average_pension_is_only_superseded', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'approved' OR OLD.state = 'superseded')", func="IF (to_jsonb(NEW) - 'state') IS DISTINCT FROM (to_jsonb(OLD) - 'state') OR NEW.state <> OLD.state AND NEW.state <> 'superseded' THEN RAISE EXCEPTION 'an approved average pension never changes, it is only superseded'; END IF; RETURN NEW;", hash='7e1bfb1e09518b162510429a0184fcc4ed68cb0e', operation='UPDATE', pgid='pgtrigger_an_approved_average_pension_is_only_superseded_c3591', table='policies_averagepension', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('submitted_by__isnull', False), models.Q(('decided_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='averagepension_decided_by_differs_from_submitted_by'),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('authors__contains', [models.F('decided_by')]), _negated=True), _connector='OR'), name='averagepension_is_decided_by_no_author'),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('region', 'year'), name='one_average_pension_per_region_and_year'),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'submitted')), fields=('region', 'year'), name='one_average_pension_waits_per_region_and_year'),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_reason', ''), _negated=True), models.Q(models.Q(('earlier_monthly__isnull', True), models.Q(('monthly__gte', django.db.models.expressions.CombinedExpression(models.F('earlier_monthly'), '*', models.Value(Decimal('0.85')))), ('monthly__lte', django.db.models.expressions.CombinedExpression(models.F('earlier_monthly'), '*', models.Value(Decimal('1.15'))))), _connector='OR'), models.Q(('monthly_before__isnull', True), models.Q(('monthly__gte', django.db.models.expressions.CombinedExpression(models.F('monthly_before'), '*', models.Value(Decimal('0.85')))), ('monthly__lte', django.db.models.expressions.CombinedExpression(models.F('monthly_before'), '*', models.Value(Decimal('1.15'))))), _connector='OR')), _connector='OR'), name='an_unusual_average_pension_is_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='averagepension',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_reason', ''), models.Q(('decision_reason', ''), _negated=True), ('state', 'submitted'), _connector='OR'), name='an_unusual_average_pension_is_decided_with_a_reason'),
        ),
    ]
