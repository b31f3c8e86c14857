from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from webhooks.models import Delivery
from webhooks.verify import is_genuine


@csrf_exempt
@require_POST
def receive(request):
    # `request.body` is the bytes as they came in: a signature is of them, not of what a JSON parser makes of them.
    if not is_genuine(settings.WEBHOOK_SECRET, request.headers, request.body):
        return HttpResponse(status=401)
    # The answer says that the delivery is safe here. The work is for whoever reads the table, afterwards.
    webhook_id = request.headers["webhook-id"]
    _, is_new = Delivery.objects.get_or_create(webhook_id=webhook_id, defaults={"body": request.body})
    print("new" if is_new else "known", webhook_id, flush=True)
    return HttpResponse(status=204)
