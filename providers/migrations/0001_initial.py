import agency.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agency', '0002_initial'),
        ('agency', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalCatalogItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64, verbose_name='catalogue code')),
                ('name', models.CharField(max_length=120, verbose_name='item name')),
                ('kind', models.CharField(choices=[('drug', 'drug'), ('item', 'diagnostic and treatment item'), ('consumable', 'medical consumable')], max_length=16, verbose_name='kind')),
                ('category', models.CharField(choices=[('A', 'category A'), ('B', 'category B'), ('C', 'category C')], max_length=1, verbose_name='category')),
                ('upfront_rate', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='upfront share')),
                ('price_limit', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='price limit')),
                ('is_negotiated', models.BooleanField(default=False, verbose_name='negotiated drug')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'historical catalogue item',
                'verbose_name_plural': 'historical catalogue items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProvider',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='provider code')),
                ('name', models.CharField(max_length=120, verbose_name='provider name')),
                ('kind', models.CharField(choices=[('medical_institution', 'medical institution'), ('retail_pharmacy', 'retail pharmacy')], max_length=32, verbose_name='kind')),
                ('is_out_of_area', models.BooleanField(default=False, verbose_name='outside the region')),
                ('payee_bank', models.CharField(blank=True, max_length=120, verbose_name='bank')),
                ('payee_account', agency.fields.EncryptedTextField(blank=True, verbose_name='bank account number')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'historical provider',
                'verbose_name_plural': 'historical providers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='provider code')),
                ('name', models.CharField(max_length=120, verbose_name='provider name')),
                ('kind', models.CharField(choices=[('medical_institution', 'medical institution'), ('retail_pharmacy', 'retail pharmacy')], max_length=32, verbose_name='kind')),
                ('is_out_of_area', models.BooleanField(default=False, verbose_name='outside the region')),
                ('payee_bank', models.CharField(blank=True, max_length=120, verbose_name='bank')),
                ('payee_account', agency.fields.EncryptedTextField(blank=True, verbose_name='bank account number')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='providers', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'provider',
                'verbose_name_plural': 'providers',
                'ordering': ('region_id', 'code'),
                'constraints': [models.UniqueConstraint(fields=('region', 'code'), name='a_provider_code_is_used_once_per_region'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='a_place_has_latitude_and_longitude')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAgreement',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('tier', models.CharField(choices=[('primary', 'primary and below'), ('secondary', 'secondary'), ('tertiary_c', 'tertiary grade C'), ('tertiary_b', 'tertiary grade B'), ('tertiary_a', 'tertiary grade A'), ('pharmacy', 'retail pharmacy')], max_length=16, verbose_name='tier')),
                ('grade', models.CharField(blank=True, choices=[('01', 'grade III, special'), ('02', 'grade III A'), ('03', 'grade III B'), ('04', 'grade III C'), ('05', 'grade II A'), ('06', 'grade II B'), ('07', 'grade II C'), ('08', 'grade I A'), ('09', 'grade I B'), ('10', 'grade I C'), ('11', 'not graded')], max_length=2, verbose_name='hospital grade')),
                ('is_designated', models.BooleanField(default=True, verbose_name='designated for outpatient pooling')),
                ('is_dual_channel', models.BooleanField(default=False, verbose_name='dual channel for negotiated drugs')),
                ('retention_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='retention')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hospital', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='providers.provider', verbose_name='hospital behind the internet hospital')),
                ('provider', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='providers.provider', verbose_name='provider')),
            ],
            options={
                'verbose_name': 'historical agreement',
                'verbose_name_plural': 'historical agreements',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('tier', models.CharField(choices=[('primary', 'primary and below'), ('secondary', 'secondary'), ('tertiary_c', 'tertiary grade C'), ('tertiary_b', 'tertiary grade B'), ('tertiary_a', 'tertiary grade A'), ('pharmacy', 'retail pharmacy')], max_length=16, verbose_name='tier')),
                ('grade', models.CharField(blank=True, choices=[('01', 'grade III, special'), ('02', 'grade III A'), ('03', 'grade III B'), ('04', 'grade III C'), ('05', 'grade II A'), ('06', 'grade II B'), ('07', 'grade II C'), ('08', 'grade I A'), ('09', 'grade I B'), ('10', 'grade I C'), ('11', 'not graded')], max_length=2, verbose_name='hospital grade')),
                ('is_designated', models.BooleanField(default=True, verbose_name='designated for outpatient pooling')),
                ('is_dual_channel', models.BooleanField(default=False, verbose_name='dual channel for negotiated drugs')),
                ('retention_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='retention')),
                ('hospital', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='internet_agreements', to='providers.provider', verbose_name='hospital behind the internet hospital')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='providers.provider', verbose_name='provider')),
            ],
            options={
                'verbose_name': 'agreement',
                'verbose_name_plural': 'agreements',
                'ordering': ('provider_id', 'period'),
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('provider', '='), ('period', '&&')], name='agreements_of_a_provider_never_overlap'), models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__lower_inf', False)), name='an_agreement_has_a_first_day'), models.CheckConstraint(condition=models.Q(('retention_rate__gte', 0), ('retention_rate__lt', 1)), name='a_retention_is_a_fraction'), models.CheckConstraint(condition=models.Q(('hospital__isnull', True), models.Q(('hospital', models.F('provider')), _negated=True), _connector='OR'), name='no_hospital_stands_behind_itself'), models.CheckConstraint(condition=models.Q(('grade', ''), models.Q(('grade__in', ['08', '09', '10', '11']), ('tier', 'primary')), models.Q(('grade__in', ['05', '06', '07']), ('tier', 'secondary')), models.Q(('grade__in', ['04']), ('tier', 'tertiary_c')), models.Q(('grade__in', ['03']), ('tier', 'tertiary_b')), models.Q(('grade__in', ['01', '02']), ('tier', 'tertiary_a')), _connector='OR'), name='a_grade_fits_its_tier')],
            },
        ),
        migrations.CreateModel(
            name='CatalogItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, verbose_name='catalogue code')),
                ('name', models.CharField(max_length=120, verbose_name='item name')),
                ('kind', models.CharField(choices=[('drug', 'drug'), ('item', 'diagnostic and treatment item'), ('consumable', 'medical consumable')], max_length=16, verbose_name='kind')),
                ('category', models.CharField(choices=[('A', 'category A'), ('B', 'category B'), ('C', 'category C')], max_length=1, verbose_name='category')),
                ('upfront_rate', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='upfront share')),
                ('price_limit', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='price limit')),
                ('is_negotiated', models.BooleanField(default=False, verbose_name='negotiated drug')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agency.poolingregion', verbose_name='pooling region')),
            ],
            options={
                'verbose_name': 'catalogue item',
                'verbose_name_plural': 'catalogue items',
                'ordering': ('region_id', 'code', 'period'),
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('region', '='), ('code', '='), ('period', '&&')], name='entries_of_a_catalogue_item_never_overlap'), models.CheckConstraint(condition=models.Q(('upfront_rate__isnull', True), models.Q(('upfront_rate__gte', 0), ('upfront_rate__lte', 1)), _connector='OR'), name='an_upfront_share_is_a_fraction'), models.CheckConstraint(condition=models.Q(('price_limit__isnull', True), ('price_limit__gt', 0), _connector='OR'), name='a_price_limit_is_positive'), models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__lower_inf', False)), name='a_catalogue_item_has_a_first_day')],
            },
        ),
    ]
