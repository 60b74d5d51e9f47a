"""Every address of the site, in French, stable and readable."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from marche import views
from marche.origin import same_origin

urlpatterns = [
    path("", include("producers.catalogue.urls")),
    path("", include("orders.resident.urls")),
    path("", include("orders.stall.urls_summaries")),
    path("", include("marche.payments.urls")),
    path("mon-compte/", include("orders.resident.urls_account")),
    path("", include("marche.accounts.urls")),
    path("producteur/", include("producers.workspace.urls")),
    path("producteur/", include("orders.stall.urls")),
    path("producteur/", include("marche.payments.urls_staff")),
    path("gestion/", include("orders.manager.urls")),
    path("gestion/", include("marche.payments.urls_manage")),
    path("administration/", admin.site.urls),
    path("informations/<slug:slug>/", views.page, name="page"),
    path("langue/", require_POST(same_origin(set_language)), name="set_language"),
    path("espace/", views.staff_home, name="staff-home"),
    path("sante/", views.health, name="health"),
]
handler400 = "marche.views.bad_request"
handler403 = "marche.views.forbidden"
handler404 = "marche.views.not_found"
handler429 = "marche.accounts.views.throttled.too_many_requests"  # allauth's: Django knows none
handler500 = "marche.views.server_error"
