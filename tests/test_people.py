"""A lead invites, changes, deactivates and reactivates the people of a client; nobody else can."""

import re
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPServerDisconnected
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import LogEntry, Membership
from tests.conftest import person
from voicelab.roles import Role

PEOPLE = "/clients/bakery/people/"


def page_of(user):
    return reverse("person", args=["bakery", user.pk])


def roles_of(user, client):
    return {one.role: one.is_active for one in Membership.objects.filter(user=user, client=client)}


def logged():
    return list(LogEntry.objects.order_by("pk").values_list("action", "user__username"))


def invite(client, email="Nina@Example.com", *roles, **more):
    return client.post(PEOPLE, {"name": "Nina", "email": email, "roles": roles or ["annotator"]}, **more)


def test_an_invited_person_sets_a_password_and_works(client, lena, bakery):
    client.force_login(lena)
    page = invite(client, "Nina@Example.com", "annotator", "copywriter", follow=True)
    assert b"Nina works for The Corner Bakery now" in page.content
    nina = User.objects.get(username="nina@example.com")
    assert roles_of(nina, bakery) == {"annotator": True, "copywriter": True}
    assert logged() == [("person.invited", "lena@example.com")]
    (message,) = mail.outbox
    assert message.to == ["nina@example.com"] and "Lena gave you a desk for The Corner Bakery" in message.body
    link = re.search(r"http://testserver(\S+)", message.body)[1]
    # The link is for the person alone: no page shows it to the lead.
    assert link.encode() not in page.content + client.get(page_of(nina)).content

    client.logout()
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"new_password1": "a-plum-tree", "new_password2": "a-plum-tree"})
    assert done.status_code == 302
    assert client.post("/sign-in/", {"username": "nina@example.com", "password": "a-plum-tree"}).url == "/"
    assert b"Set it" not in client.get(link, follow=True).content  # it worked once


def test_somebody_of_another_client_joins_without_a_word_about_it(client, lena, stranger, rival, bakery):
    client.force_login(lena)
    stranger.last_login = stranger.date_joined
    stranger.save()
    page = invite(client, stranger.email, follow=True).content + client.get(page_of(stranger)).content
    assert b"Rival" not in page and b"Lead" in page
    assert roles_of(stranger, bakery) == {"annotator": True} and roles_of(stranger, rival.client) == {"lead": True}
    assert "/password/" not in mail.outbox[0].body and "Sign in as always:" in mail.outbox[0].body
    assert "Rival" not in client.get(PEOPLE + "?format=csv").content.decode()


def test_a_lead_never_sees_a_link_to_an_account_that_opens_another_client(client, lena, stranger):
    """Else an invitation would open the rival: invite its lead, take the link, set the password."""
    client.force_login(lena)
    seen = invite(client, stranger.email, follow=True).content + client.get(page_of(stranger)).content
    client.post(page_of(stranger), {"act": "remind"})
    assert b"password/reset" not in seen
    assert [message.to for message in mail.outbox] == [[stranger.email]] * 2


def test_an_invitation_changes_nobody_who_is_here_already(client, lena, bakery):
    """Not even the last lead, who would shut everybody out with it."""
    client.force_login(lena)
    page = invite(client, lena.email, "copywriter")
    assert page.status_code == 422 and b"Lena is on the list already" in page.content
    assert roles_of(lena, bakery) == {"lead": True} and not mail.outbox and logged() == []


def test_a_mail_that_cannot_be_sent_is_said_and_can_be_sent_again(client, lena, bakery, monkeypatch):
    client.force_login(lena)
    with monkeypatch.context() as broken:
        broken.setattr("reviews.views.people.send_mail", lambda *_: (_ for _ in ()).throw(SMTPServerDisconnected("x")))
        assert b"could not be sent" in invite(client, follow=True).content
    nina = User.objects.get(username="nina@example.com")
    assert b"Send the invitation again" in client.get(page_of(nina)).content
    client.post(page_of(nina), {"act": "remind"})
    assert len(mail.outbox) == 1


def test_a_lead_changes_roles(client, lena, cora, bakery):
    client.force_login(lena)
    client.post(page_of(cora), {"roles": ["annotator", "lead"]})
    assert roles_of(cora, bakery) == {"annotator": True, "lead": True}
    client.post(page_of(cora), {"roles": ["annotator", "lead"]})
    assert logged() == [("person.changed", "lena@example.com")]  # the second changed nothing
    assert client.post(page_of(cora), {"roles": []}).status_code == 422
    assert client.post(page_of(cora), {"roles": ["king"]}).status_code == 422
    assert roles_of(cora, bakery) == {"annotator": True, "lead": True}


def test_a_deactivated_person_is_out_at_once_and_comes_back_with_the_same_roles(client, lena, cora, voice):
    desk = Browser()
    desk.force_login(cora)
    client.force_login(lena)
    where = reverse("voice", args=["bakery", "house"])
    client.post(page_of(cora), {"act": "deactivate"})
    assert desk.get(where).status_code == 404
    assert b"Reactivate" in client.get(page_of(cora)).content
    client.post(page_of(cora), {"act": "reactivate"})
    assert desk.get(where).status_code == 200 and roles_of(cora, voice.client) == {"copywriter": True}
    assert [action for action, _ in logged()] == ["person.deactivated", "person.reactivated"]


def test_the_last_lead_can_neither_leave_nor_step_down(client, lena, cora, bakery):
    client.force_login(lena)
    for change in ({"act": "deactivate"}, {"roles": ["copywriter"]}):
        page = client.post(page_of(lena), change, follow=True)
        assert b"needs a lead" in page.content
    person("leo", bakery, Role.LEAD).memberships.update(is_active=False)  # a deactivated lead does not count
    client.post(page_of(lena), {"act": "deactivate"})
    assert roles_of(lena, bakery) == {"lead": True} and logged() == []


@pytest.mark.parametrize("change", [{"act": "deactivate"}, {"roles": ["copywriter"]}])
def test_with_a_second_lead_the_first_may_go_and_ends_on_a_page_that_opens(client, lena, bakery, change):
    person("leo", bakery, Role.LEAD)
    client.force_login(lena)
    page = client.post(page_of(lena), change, follow=True)
    assert page.status_code == 200 and page.redirect_chain[-1][0] == "/"


@pytest.mark.parametrize("change", [{"act": "deactivate"}, {"act": "reactivate"}, {"act": "remind"}, {"roles": "lead"}])
def test_nobody_but_a_lead_changes_people(client, lena, cora, stranger, bakery, change):
    for who, status in ((cora, 403), (stranger, 404)):
        client.force_login(who)
        assert client.post(page_of(cora), change).status_code == status
        assert invite(client).status_code == status
        assert client.get(PEOPLE + "?format=csv").status_code == status
    assert roles_of(cora, bakery) == {"copywriter": True} and not mail.outbox and logged() == []
    assert not User.objects.filter(username="nina@example.com").exists()


def test_the_list_is_searched_downloaded_and_counts_who_is_active(client, lena, cora, carl, stranger):
    cora.memberships.update(is_active=False)
    client.force_login(lena)
    page = client.get(PEOPLE).content.decode()
    assert "2 people work for The Corner Bakery" in page and "deactivated" in page and "steve" not in page
    found = client.get(PEOPLE + "?q=CAR").content.decode()
    assert "carl@example.com" in found and "cora@example.com" not in found and "?format=csv&amp;q=CAR" in found
    assert "Nobody here is called “zoë”." in client.get(PEOPLE + "?q=zoë").content.decode()
    table = client.get(PEOPLE + "?q=cora&format=csv").content.decode().splitlines()
    assert table == ["name,e-mail,roles,state", "Cora,cora@example.com,Copywriter,deactivated"]


def test_more_people_mean_no_more_queries(client, lena, bakery):
    client.force_login(lena)
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE)
    for number in range(20):
        person(f"p{number}", bakery, Role.COPYWRITER, Role.ANNOTATOR)
    with CaptureQueriesContext(connection) as many:
        client.get(PEOPLE)
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_deactivate_each_other_at_once_one_stays(bakery, lena):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; PostgreSQL has to lock the rows.")
    leo, both = person("leo", bakery, Role.LEAD), Barrier(2, timeout=20)

    def go(lead, other):
        browser = Browser()
        browser.force_login(lead)
        both.wait()
        browser.post(page_of(other), {"act": "deactivate"})
        connection.close()

    with ThreadPoolExecutor() as pool:
        for _ in range(5):
            Membership.objects.update(is_active=True)
            list(pool.map(go, [lena, leo], [leo, lena]))
            assert Membership.objects.filter(client=bakery, role="lead", is_active=True).count() == 1
