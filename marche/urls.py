"""Every address of the site, in French, stable and readable."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.i18n import set_language

from marche import views
from marche.origin import same_origin

urlpatterns = [
    path("", include("producers.urls")),
    path("", include("orders.urls")),
    path("", include("orders.urls_summaries")),
    path("producteur/", include("producers.urls_staff")),
    path("gestion/", include("orders.urls_manage")),
    path("administration/", admin.site.urls),
    path("informations/<slug:slug>/", views.page, name="page"),
    path("langue/", same_origin(set_language), name="set_language"),
    path("connexion/", auth.LoginView.as_view(template_name="sign_in.html"), name="sign-in"),
    path("deconnexion/", auth.LogoutView.as_view(), name="sign-out"),
    path("espace/", views.staff_home, name="staff-home"),
    path("sante/", views.health, name="health"),
]
handler400 = "marche.views.bad_request"
handler403 = "marche.views.forbidden"
handler404 = "marche.views.not_found"
handler500 = "marche.views.server_error"
