"""Pages for everybody."""

from takeroot.access.policies import PUBLIC, SIGNED_IN
from takeroot.pages import occupations
from takeroot.pages.public import communities, gallery, views
from takeroot.pages.routes import pages_of

app_name = "public"
page = pages_of(app_name)
urlpatterns = [
    page("", views.home, "home", PUBLIC),
    page("credits/", views.credits, "credits", PUBLIC),
    page("language/", views.language, "language", PUBLIC),
    page("gallery/", gallery.gallery, "gallery", PUBLIC),
    page("c/", communities.communities, "communities", PUBLIC),
    page("c/<slug:slug>/", communities.community, "community", PUBLIC),
    page("help/", views.help_page, "help", PUBLIC),
    page("occupations/", occupations.suggestions, "occupations", SIGNED_IN),
]
