"""The secretariat's pages: figures of all centres, released with small ones held back."""

from takeroot.pages.secretariat import making, releases

app_name = "secretariat"
urlpatterns = [*making.urls, *releases.urls]
