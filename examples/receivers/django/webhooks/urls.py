from django.urls import path

from webhooks.views import receive

urlpatterns = [path("hooks", receive)]
