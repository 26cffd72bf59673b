import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ceiling',
            name='diseases_from',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9)], verbose_name='from registered diseases'),
        ),
        migrations.AlterField(
            model_name='creditrule',
            name='age_from',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(200)], verbose_name='from age'),
        ),
        migrations.AlterField(
            model_name='creditrule',
            name='age_until',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(200)], verbose_name='below age'),
        ),
        migrations.AlterField(
            model_name='creditrule',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Leave empty while the local document is missing; whatever needs the figure is refused.', max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount a month'),
        ),
        migrations.AlterField(
            model_name='deductiblefactor',
            name='age_from',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(120)], verbose_name='from age'),
        ),
        migrations.AlterField(
            model_name='refusalrule',
            name='reason',
            field=models.CharField(choices=[('arrears', 'contribution not paid on time'), ('hospital_stay', 'in hospital on the day of service'), ('special_nursing', 'in medical special nursing on the day of service'), ('not_designated', 'provider not designated'), ('not_dual_channel', 'pharmacy not dual channel'), ('out_of_area_unregistered', 'out-of-area care without registration')], max_length=32, verbose_name='circumstance'),
        ),
        migrations.AlterField(
            model_name='staylimit',
            name='hours',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='hours'),
        ),
    ]
