"""The routes of this app alone."""

from django.urls import path
from ninja import NinjaAPI

from casehub.accounts.api import router
from casehub.core.http import StrictParser, install_handlers

api = NinjaAPI(parser=StrictParser(), urls_namespace="accounts-alone", openapi_url=None)
install_handlers(api)
api.add_router("", router)
urlpatterns = [path("api/", api.urls)]
