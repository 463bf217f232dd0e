"""Messages to many people in the organisers' admin: its pages are ours, under Django's addresses and rights."""

from django.contrib import admin
from django.urls import path

from conference.admin.base import PlainAdmin
from registration.admin.waiting import waiting
from registration.models import Broadcast

from . import past, progress, sending, whom, words


@admin.register(Broadcast)
class BroadcastAdmin(PlainAdmin):
    """The pages of messages, without Django's own form: each message is checked and confirmed before it is sent."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(past.messages_page), name="registration_broadcast_changelist"),
            path("waiting/", view(waiting), name="waiting"),
            path("write/", view(whom.new), name="registration_broadcast_add"),
            path("write/people/", view(whom.people), name="broadcast-people"),
            path("<int:pk>/whom/", view(whom.change), name="broadcast-whom"),
            path("<int:pk>/words/", view(words.words), name="broadcast-words"),
            path("<int:pk>/send/", view(sending.send), name="broadcast-send"),
            path("<int:pk>/", view(progress.progress), name="registration_broadcast_change"),
            path("<int:pk>/people/", view(progress.people), name="broadcast-reached"),
            path("<int:pk>/take-back/", view(progress.take_back), name="broadcast-take-back"),
            path("<int:pk>/stop/", view(progress.stop), name="broadcast-stop"),
            path("<int:pk>/copy/", view(past.copy), name="broadcast-copy"),
            path("<int:pk>/drop/", view(past.drop), name="broadcast-drop"),
        ]
