import unicodedata

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat


def spell_invoice_numbers(apps, schema_editor):
    """One spelling for every number. One that is paid under two spellings already keeps both, for somebody to look at;
    a manual claim that was paid without a number gets one that no invoice has.
    """
    claims = apps.get_model("claims", "Claim").objects
    for claim in claims.exclude(invoice_number="").only("provider", "invoice_number", "state").iterator():
        number = "".join(unicodedata.normalize("NFKC", claim.invoice_number).upper().split())
        if number == claim.invoice_number or len(number) > 64:
            continue
        paid = claims.filter(provider=claim.provider_id, invoice_number=number, state="settled")
        if claim.state != "settled" or not paid.exists():
            claims.filter(pk=claim.pk).update(invoice_number=number)
    unnumbered = claims.filter(channel="manual", state="settled", invoice_number="")
    unnumbered.update(invoice_number=Concat(Value("WITHOUT-NUMBER-"), Cast("pk", models.CharField())))


class Migration(migrations.Migration):

    dependencies = [
        ('agency', '0004_reimbursement_days'),
        ('claims', '0006_reversals_before_there_were_resettlements'),
        ('members', '0002_changes_are_a_queue'),
        ('policies', '0001_initial'),
        ('providers', '0004_hospital_grade'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreimbursement',
            name='payee_corrected_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='payee corrected by'),
        ),
        migrations.AddField(
            model_name='reimbursement',
            name='payee_corrected_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='payee corrected by'),
        ),
        migrations.RunPython(spell_invoice_numbers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'manual'), ('state', 'settled'), _negated=True), models.Q(('invoice_number', ''), _negated=True), _connector='OR'), name='a_manual_claim_is_paid_by_its_invoice'),
        ),
        migrations.AddConstraint(
            model_name='paymentbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'closed']), _negated=True), models.Q(('decided_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='a_payment_batch_is_not_approved_by_its_drafter'),
        ),
    ]
