import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agency', '0002_initial'),
        ('agency', '__first__'),
        ('claims', '0001_initial'),
        ('members', '0001_initial'),
        ('providers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMonitoringStandard',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(default=60, verbose_name='minutes between two visits')),
                ('kilometres', models.PositiveSmallIntegerField(default=50, verbose_name='kilometres between two visits')),
                ('consecutive_days', models.PositiveSmallIntegerField(default=5, verbose_name='days in a row with visits')),
                ('visits_a_day', models.PositiveSmallIntegerField(default=2, verbose_name='visits to one provider on a day')),
                ('payments', models.PositiveSmallIntegerField(default=5, verbose_name='account payments at one pharmacy')),
                ('payment_days', models.PositiveSmallIntegerField(default=7, verbose_name='within days')),
                ('payments_yuan', models.DecimalField(decimal_places=2, default=1000, max_digits=12, verbose_name='together, yuan')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'historical monitoring standard',
                'verbose_name_plural': 'historical monitoring standards',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReviewFlag',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('far_apart', 'at two providers far apart within a short time'), ('many_days', 'visits on many consecutive days'), ('split_bill', 'several bills of one provider on one day'), ('cash_out', 'account payments that look like cash-out'), ('during_stay', 'outpatient claim during a hospital stay'), ('after_death', 'claim after death')], max_length=16, verbose_name='kind')),
                ('key', models.CharField(db_index=True, max_length=120)),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('facts', models.JSONField(default=dict, verbose_name='facts')),
                ('raised_at', models.DateTimeField(blank=True, editable=False, verbose_name='raised at')),
                ('state', models.CharField(choices=[('open', 'undecided'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], default='open', editable=False, max_length=16, verbose_name='state')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided at')),
                ('decision_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason for the decision')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.member', verbose_name='member')),
                ('provider', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='providers.provider', verbose_name='provider')),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'historical review flag',
                'verbose_name_plural': 'historical review flags',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MonitoringStandard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(default=60, verbose_name='minutes between two visits')),
                ('kilometres', models.PositiveSmallIntegerField(default=50, verbose_name='kilometres between two visits')),
                ('consecutive_days', models.PositiveSmallIntegerField(default=5, verbose_name='days in a row with visits')),
                ('visits_a_day', models.PositiveSmallIntegerField(default=2, verbose_name='visits to one provider on a day')),
                ('payments', models.PositiveSmallIntegerField(default=5, verbose_name='account payments at one pharmacy')),
                ('payment_days', models.PositiveSmallIntegerField(default=7, verbose_name='within days')),
                ('payments_yuan', models.DecimalField(decimal_places=2, default=1000, max_digits=12, verbose_name='together, yuan')),
                ('region', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='monitoring', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'monitoring standard',
                'verbose_name_plural': 'monitoring standards',
                'ordering': ('region_id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('consecutive_days__gt', 0), ('kilometres__gt', 0), ('minutes__gt', 0), ('payment_days__gt', 0), ('payments__gt', 1), ('payments_yuan__gt', 0), ('visits_a_day__gt', 0)), name='monitoring_limits_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='ReviewFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('far_apart', 'at two providers far apart within a short time'), ('many_days', 'visits on many consecutive days'), ('split_bill', 'several bills of one provider on one day'), ('cash_out', 'account payments that look like cash-out'), ('during_stay', 'outpatient claim during a hospital stay'), ('after_death', 'claim after death')], max_length=16, verbose_name='kind')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('facts', models.JSONField(default=dict, verbose_name='facts')),
                ('raised_at', models.DateTimeField(auto_now_add=True, verbose_name='raised at')),
                ('state', models.CharField(choices=[('open', 'undecided'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], default='open', editable=False, max_length=16, verbose_name='state')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided at')),
                ('decision_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason for the decision')),
                ('claims', models.ManyToManyField(related_name='flags', to='claims.claim', verbose_name='claims')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='members.member', verbose_name='member')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='providers.provider', verbose_name='provider')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'review flag',
                'verbose_name_plural': 'review flags',
                'ordering': ('-id',),
                'permissions': [('decide_reviewflag', 'Can decide a review flag')],
                'indexes': [models.Index(fields=['region', 'state'], name='flags_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('decision_reason', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decision_reason', ''), _negated=True)), _connector='OR'), name='a_flag_is_decided_with_a_reason'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='a_flag_has_its_days')],
            },
        ),
    ]
