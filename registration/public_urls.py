"""Addresses of sign-up and of other public pages. Newsletters link to them, so they never change."""

from django.urls import path

from registration.views import lost_link, my_address, my_delete, sign_up, thanks

app_name = "sign-up"

urlpatterns = [
    path("register/", sign_up.sign_up, name="sign-up"),
    path("register/day-<int:number>/", sign_up.sign_up, name="sign-up-day"),
    path("register/all/", sign_up.sign_up, {"number": sign_up.ALL}, name="sign-up-all"),
    path("register/thanks/", thanks.thanks, name="thanks"),
    path("register/thanks/<str:token>/", thanks.thanks_to, name="thanks-to"),
    path("new-link/", my_address.renew_done, name="new-link"),
    path("deleted/", my_delete.delete_done, name="deleted"),
    path("lost-link/", lost_link.lost_link, name="lost-link"),
    path("lost-link/<str:token>/", lost_link.lost_link_done, name="lost-link-sent"),
]
