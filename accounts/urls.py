"""Signing in (django-allauth's views and names, our addresses; no sign-up), the register, people, invitations."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.views import history, inbox, invitation, kin, mail, organisations, people, tasks, working_days

signing_in: list[URLPattern | URLResolver] = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/closed/", allauth.account_inactive, name="account_inactive"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path("password/new/saved/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/\Z",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

own: list[URLPattern | URLResolver] = [
    path("organisations/", organisations.Register.as_view(), name="organisations"),
    path("organisations/add/", organisations.add, name="organisation_add"),
    path("organisations/<pid:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/<pid:organisation_id>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<pid:organisation_id>/related/", kin.link, name="organisation_link"),
    path("organisations/<pid:organisation_id>/related/<pid:link_id>/end/", kin.unlink, name="organisation_unlink"),
    path("organisations/<pid:organisation_id>/name/", kin.rename, name="organisation_rename"),
    path("organisations/<pid:organisation_id>/merge/", kin.merge, name="organisation_merge"),
    path("organisations/<pid:organisation_id>/history/", history.organisation, name="organisation_history"),
    path("working-days/", working_days.working_days, name="working_days"),
    path("working-days/add/", working_days.add, name="working_day_add"),
    path("working-days/history/", working_days.changes, name="working_days_history"),
    path("people/", people.People.as_view(), name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<pid:person_id>/", people.person, name="person"),
    path("people/<pid:person_id>/edit/", people.edit, name="person_edit"),
    path("people/<pid:person_id>/history/", history.person, name="person_history"),
    path("people/<pid:person_id>/role/", people.role, name="person_role"),
    path("people/<pid:person_id>/close/", people.close, name="person_close"),
    path("people/<pid:person_id>/reopen/", people.reopen, name="person_reopen"),
    path("people/<pid:person_id>/invite-again/", people.resend, name="person_resend"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/week/", tasks.week, name="week"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/choices/", mail.choices, name="mail_choices"),
    path("inbox/how/<str:token>/", mail.how, name="mail_how"),
    path("inbox/<pid:mail_id>/", inbox.mail, name="inbox_mail"),
    path("inbox/<pid:mail_id>/read/", inbox.read, name="inbox_read"),
    path("invitation/<slug:token>/", invitation.invitation, name="invitation"),
]

urlpatterns: list[URLPattern | URLResolver] = [*signing_in, path("", include((own, "accounts")))]
