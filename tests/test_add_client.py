"""A client of one's own, from the command line."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command

from tests.pages import text
from training.models import Client


def add(*arguments):
    call_command("add_client", *arguments, "--voice", "House voice")


def test_the_first_lead_gets_a_password_by_mail_and_opens_the_people_page(client, db, capsys):
    add("Blue Café", "--lead", "Bea@Example.com")
    assert "Blue Café is there, with the voice blue-cafe/house-voice." in capsys.readouterr().out
    client.post("/password/reset/", {"email": "bea@example.com"})
    assert mail.outbox[0].to == ["bea@example.com"]
    client.force_login(User.objects.get(username="bea@example.com"))
    assert client.get("/clients/blue-cafe/people/").status_code == 200
    assert client.get("/clients/blue-cafe/voices/house-voice/").status_code == 200
    page = text(client.get("/clients/blue-cafe/log/"))
    assert "<td>Command line</td> <td>House voice</td> <td>Added the client</td>" in page
    assert "<td>Command line</td> <td></td> <td>Invited a person</td>" in page


def test_somebody_who_is_here_already_leads_it_too(client, lena, capsys):
    client.post("/sign-in/", {"username": lena.username, "password": "pear-tree-lamp"})
    add("Blue Café", "--lead", lena.email)
    assert "signs in as always" in capsys.readouterr().out
    assert client.get("/clients/blue-cafe/people/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("Blue Café", "--lead", "bea"), "bea is no e-mail address that can sign in."),
        (("Blue Café", "--lead", f"{'bea' * 50}@example.com"), "is no e-mail address that can sign in."),
        (("!!!", "--lead", "bea@example.com"), "cannot be a name"),
        (("Синее кафе", "--lead", "bea@example.com"), "Latin letters or digits among them"),
        (("Bakery", "--lead", "bea@example.com"), "There is a client named Bakery already."),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(bakery, arguments, problem):
    with pytest.raises(CommandError, match=problem):
        add(*arguments)
    assert list(Client.objects.all()) == [bakery] and not User.objects.exists()
