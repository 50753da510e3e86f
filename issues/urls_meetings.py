"""Addresses of the pages of one meeting before and at it."""

from django.urls import path

from .views import hall, minutes, paper, pool, preparation

urlpatterns = [
    path("<int:pk>/preparation/", preparation.preparation, name="preparation"),
    path("<int:pk>/commission/", preparation.commission, name="commission"),
    path("<int:pk>/commission/<int:commission>/", preparation.commission_edit, name="commission_edit"),
    path("<int:pk>/commission/<int:commission>/close/", preparation.commission_close, name="commission_close"),
    path("<int:pk>/announcement/", preparation.announcement, name="announcement"),
    path("<int:pk>/channels/<int:use>/withdraw/", preparation.channel_withdraw, name="channel_withdraw"),
    path("<int:pk>/channels/<slug:purpose>/<slug:code>/", preparation.channel_use, name="channel_use"),
    path("<int:pk>/audience/<slug:category>/", preparation.audience, name="audience"),
    path("<int:pk>/broadcast/", preparation.broadcast, name="broadcast"),
    path("<int:pk>/points/", preparation.video_point, name="video_point_add"),
    path("<int:pk>/points/<int:point>/", preparation.video_point, name="video_point"),
    path("<int:pk>/points/<int:point>/remove/", preparation.video_point_remove, name="video_point_remove"),
    path("<int:pk>/pool/", pool.pool, name="pool"),
    path("<int:pk>/pool/order/", pool.order, name="pool_order"),
    path("<int:pk>/pool/freeze/", pool.freeze, name="pool_freeze"),
    path("<int:pk>/pool/merge/", pool.merge, name="pool_merge"),
    path("<int:pk>/pool/joins/<int:join>/undo/", pool.part, name="pool_part"),
    path("<int:pk>/pool/versions/<int:number>/", pool.pool_version, name="pool_version"),
    path("<int:pk>/posters/", paper.posters, name="posters"),
    path("<int:pk>/posters/<slug:language>/<slug:size>.pdf", paper.poster, name="poster"),
    path("<int:pk>/posters/<slug:language>.png", paper.picture, name="picture"),
    path("<int:pk>/posters/<slug:language>.ics", paper.ics, name="meeting_ics"),
    path("<int:pk>/invitations/", paper.invitations, name="invitations"),
    path("<int:pk>/invitations/<slug:category>/<slug:language>.<slug:form>", paper.letter, name="letter"),
    path("<int:pk>/change-told/", paper.tell_change, name="tell_change"),
    path("<int:pk>/hall/", hall.hall, name="hall"),
    path("<int:pk>/hall/state/", hall.hall_state, name="hall_state"),
    path("<int:pk>/hall/save/", hall.hall_save, name="hall_save"),
    path("<int:pk>/hall/held/", hall.hall_hold, name="hall_hold"),
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("<int:pk>/minutes/draft/", minutes.draft, name="minutes_draft"),
    path("<int:pk>/minutes/<int:number>/sign/", minutes.sign, name="minutes_sign"),
    path("<int:pk>/minutes/<int:number>/publish/", minutes.publish, name="minutes_publish"),
    path("<int:pk>/minutes/<int:number>/withdraw/", minutes.withdraw, name="minutes_withdraw"),
    path("<int:pk>/issues/add/", pool.issue_add, name="issue_add"),
    path("<int:pk>/issues/<int:issue>/", pool.issue_edit, name="issue_edit"),
]
