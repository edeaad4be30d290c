from django.urls import path

from consular import views

app_name = "consular"
urlpatterns = [
    path("", views.contact, name="contact"),
    path("closures.ics", views.closures, name="closures"),
    path("status.json", views.status, name="status"),
    path("office-<int:office_id>.vcf", views.card, name="card"),
]
