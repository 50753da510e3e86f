"""Addresses of the pages of one meeting after it."""

from django.urls import path

from .views import plan, reception

urlpatterns = [
    path("<int:pk>/reception/", reception.reception, name="reception"),
    path("<int:pk>/reception/add/", reception.reception_add, name="reception_add"),
    path("<int:pk>/reception/<int:reception>/", reception.reception_edit, name="reception_edit"),
    path("<int:pk>/plan/", plan.plan, name="plan"),
    path("<int:pk>/plan/issues/<int:issue>/add/", plan.item_add, name="item_add"),
    path("<int:pk>/plan/items/<int:item>/", plan.item_edit, name="item_edit"),
    path("<int:pk>/plan/items/<int:item>/drop/", plan.item_drop, name="item_drop"),
    path("<int:pk>/plan/approve/", plan.plan_approve, name="plan_approve"),
    path("<int:pk>/plan/financing/add/", plan.financing_add, name="financing_add"),
    path("<int:pk>/plan/versions/<int:number>/", plan.plan_version, name="plan_version"),
    path("<int:pk>/plan/plan.xlsx", plan.plan_xlsx, name="plan_xlsx"),
]
