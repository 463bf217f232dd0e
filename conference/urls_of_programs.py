"""Addresses of what programs read, of pictures and of previews: the same in all languages."""

from django.urls import path

from conference.views import discovery, offline, pictures, preview

urlpatterns = [
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("robots.txt", discovery.robots, name="robots"),
    path(".well-known/security.txt", discovery.security_txt, name="security-txt"),
    path("pictures/<slug:key>-<int:side>.jpg", pictures.picture, name="picture"),
    path("preview/<str:key>/<path:path>", preview.preview, name="preview"),
    path("preview/<str:key>/", preview.preview, {"path": ""}, name="preview"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
]
