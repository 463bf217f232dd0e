"""Addresses of what programs read, the same in all languages."""

from django.urls import path

from conference.views import discovery, offline

urlpatterns = [
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("robots.txt", discovery.robots, name="robots"),
    path(".well-known/security.txt", discovery.security_txt, name="security-txt"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
]
