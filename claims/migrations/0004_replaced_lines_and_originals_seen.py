import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0003_settled_files_statements_monitoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreimbursement',
            name='accepted_without',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='why papers have no file'),
        ),
        migrations.AddField(
            model_name='reimbursement',
            name='accepted_without',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='why papers have no file'),
        ),
        migrations.AlterField(
            model_name='paymentitem',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting for the bank'), ('paid', 'paid'), ('failed', 'failed'), ('dropped', 'dropped')], default='waiting', editable=False, max_length=16, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='HistoricalClaimLine',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('drug', 'drug'), ('item', 'diagnostic and treatment item'), ('consumable', 'medical consumable')], max_length=16, verbose_name='kind')),
                ('category', models.CharField(choices=[('A', 'category A'), ('B', 'category B'), ('C', 'category C')], max_length=1, verbose_name='category')),
                ('code', models.CharField(blank=True, max_length=64, verbose_name='catalogue code')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='item name')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('over_limit', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='above the price limit')),
                ('upfront_rate', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='upfront share of the catalogue')),
                ('is_negotiated', models.BooleanField(default=False, verbose_name='negotiated drug')),
                ('is_prenatal', models.BooleanField(default=False, verbose_name='prenatal examination')),
                ('is_examination', models.BooleanField(default=False, verbose_name='examination')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('claim', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim', verbose_name='claim')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical claim line',
                'verbose_name_plural': 'historical claim lines',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
