"""What a kept file may be."""

from django.db import models


class ContentType(models.TextChoices):
    """What may be uploaded as a paper."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
