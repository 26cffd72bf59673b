from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Rows by the million that are gone after a preview: no log, and an index that costs nothing while they come in.
MAKE = """
    CREATE UNLOGGED TABLE files_stagedrow (
        file_import_id bigint NOT NULL,
        line integer NOT NULL,
        plain text NOT NULL DEFAULT '',
        cells text[] NOT NULL DEFAULT '{}',
        problem text NOT NULL DEFAULT '',
        place text NOT NULL DEFAULT ''
    );
    CREATE INDEX staged_rows_of_an_import ON files_stagedrow USING brin (file_import_id, line);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name='fileimport',
            name='staged_as',
            field=models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('doubtful', 'doubtful'), ('wrong', 'wrong')], default='new', editable=False, max_length=10),
        ),
        migrations.RunSQL(MAKE, "DROP TABLE files_stagedrow"),
        migrations.CreateModel(
            name='StagedRow',
            fields=[
                ('pk', models.CompositePrimaryKey('file_import_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('line', models.IntegerField(verbose_name='line')),
                ('plain', models.TextField(default='')),
                ('cells', ArrayField(base_field=models.TextField(), default=list, size=None, verbose_name='cells')),
                ('problem', models.TextField(default='')),
                ('place', models.TextField(default='')),
            ],
            options={
                'verbose_name': 'staged row',
                'verbose_name_plural': 'staged rows',
                'db_table': 'files_stagedrow',
                'managed': False,
            },
        ),
    ]
