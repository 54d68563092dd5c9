"""The base every stored noun stands on."""

from django.db import models

from foundation.database import clock
from foundation.database.ids import new_public_id


class Record(models.Model):
    """A row with an address of its own (`public_id`) and the moment it was made."""

    public_id = models.CharField(max_length=22, unique=True, editable=False, default=new_public_id)
    created_at = models.DateTimeField(editable=False, default=clock.now)

    class Meta:
        abstract = True
