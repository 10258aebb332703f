"""Pages for everybody."""

from django.urls import path

from takeroot.pages.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("credits/", views.credits, name="credits"),
    path("language/", views.language, name="language"),
]
