from django.db import models


class Delivery(models.Model):
    webhook_id = models.CharField(primary_key=True, max_length=64)
    body = models.BinaryField()
    received = models.DateTimeField(auto_now_add=True)
