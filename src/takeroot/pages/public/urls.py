"""Pages for everybody."""

from takeroot.access.policies import PUBLIC
from takeroot.pages.public import views
from takeroot.pages.routes import pages_of

app_name = "public"
page = pages_of(app_name)
urlpatterns = [
    page("", views.home, "home", PUBLIC),
    page("credits/", views.credits, "credits", PUBLIC),
    page("language/", views.language, "language", PUBLIC),
]
