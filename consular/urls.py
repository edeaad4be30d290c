app_name = "consular"
urlpatterns = []
