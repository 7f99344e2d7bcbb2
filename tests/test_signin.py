"""Signing in, passwords, and how guessing is slowed down without shutting anybody out."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone

from reviews.models import Attempt
from reviews.throttle import LIMITS

PASSWORD, PLACES = "pear-tree-lamp", [f"198.51.100.{n}" for n in range(50)]


def sign_in(browser, password=PASSWORD, name="cora@example.com", **more):
    return browser.post("/sign-in/", {"username": name, "password": password}, **more)


def guess(browser, times, **more):
    return [sign_in(browser, f"guess {n}", **more).status_code for n in range(times)]


def later(minutes):
    """Let time go by: everything noted so far is older."""
    for attempt in Attempt.objects.all():
        Attempt.objects.filter(pk=attempt.pk).update(created_at=attempt.created_at - timedelta(minutes=minutes))


def ask(browser, email="cora@example.com", **more):
    return browser.post("/password/reset/", {"email": email}, **more)


def link_in(message):
    return re.search(r"http://testserver(/password\S+)", message.body)[1]


def set_password(browser, link, password):
    form = browser.get(link, follow=True)
    return browser.post(form.request["PATH_INFO"], {"new_password1": password, "new_password2": password}, follow=True)


def test_a_person_signs_in_with_any_capitals_goes_where_they_wanted_and_out_again(client, cora, voice):
    where = "/clients/bakery/voices/house/"
    asked = client.get(where)
    assert asked.url == f"/sign-in/?next={where}"
    done = client.post(asked.url, {"username": " Cora@Example.com ", "password": PASSWORD})
    assert done.url == where and client.get(where).status_code == 200
    assert client.get("/sign-in/").url == "/"
    client.post("/sign-out/")
    assert client.get(where).status_code == 302


def test_a_wrong_password_says_so_and_nobody_is_led_off_to_another_site(client, cora):
    page = sign_in(client, "wrong")
    assert page.status_code == 200 and b"do not belong together" in page.content
    done = client.post("/sign-in/?next=https://evil.example/", {"username": "cora@example.com", "password": PASSWORD})
    assert done.url == "/"


def test_after_five_wrong_tries_one_waits_whatever_the_password(client, cora):
    assert guess(client, 5) == [200] * 5
    page = sign_in(client)
    assert page.status_code == 429 and 0 < int(page["Retry-After"]) <= 900
    assert b"Wait 15 minutes and try again, or set a new password" in page.content
    later(14)
    assert sign_in(client).status_code == 429
    later(2)
    assert sign_in(client).status_code == 302


def test_what_no_longer_counts_is_not_kept(client, cora):
    guess(client, 3)
    later(16)
    guess(client, 1, name="carl@example.com")
    assert Attempt.objects.count() == 1


def test_tries_while_one_waits_do_not_make_the_wait_longer(client, cora):
    guess(client, 5)
    later(10)
    assert guess(client, 20) == [429] * 20
    later(6)
    assert sign_in(client).status_code == 302


def test_a_right_password_wipes_the_slate_of_this_person_here(client, cora):
    for _ in range(3):
        assert guess(client, 4) == [200] * 4
        assert sign_in(client).status_code == 302
        client.post("/sign-out/")


def test_others_at_the_same_address_are_not_held_up(client, cora, carl):
    guess(client, 5)
    assert sign_in(Browser(), name="carl@example.com").status_code == 302


def test_one_address_cannot_go_through_many_names(client, cora):
    limit = LIMITS[Attempt.Kind.SIGN_IN].place
    names = [f"person{n}@example.com" for n in range(limit)]
    assert {sign_in(client, "spring-2026", name).status_code for name in names} == {200}
    assert sign_in(client).status_code == 429
    assert sign_in(Browser(REMOTE_ADDR="203.0.113.9")).status_code == 302


def test_many_addresses_cannot_go_through_one_name(cora):
    assert LIMITS[Attempt.Kind.SIGN_IN].name == len(PLACES)
    for place in PLACES:
        assert guess(Browser(REMOTE_ADDR=place), 1) == [200]
    assert sign_in(Browser(REMOTE_ADDR="203.0.113.9")).status_code == 429


def test_nobody_can_keep_a_person_out(client, cora):
    """Not at the browser where they signed in before, nor anywhere if they read their mail."""
    sign_in(client)
    client.post("/sign-out/")
    for place in PLACES:
        guess(Browser(REMOTE_ADDR=place), 1)
    guess(Browser(), 5)
    assert sign_in(client).status_code == 302
    # The known browser is no licence to guess, neither this name nor another.
    client.post("/sign-out/")
    assert guess(client, 6)[-1] == 429

    elsewhere = Browser(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere).status_code == 429
    ask(elsewhere)
    set_password(elsewhere, link_in(mail.outbox[0]), "a-plum-tree")
    assert sign_in(elsewhere, "a-plum-tree").status_code == 302


def test_a_known_browser_of_one_person_is_unknown_to_another(client, cora, carl):
    sign_in(client, name="carl@example.com")
    client.post("/sign-out/")
    assert guess(client, 6)[-1] == 429 and guess(Browser(), 1) == [429]


@pytest.mark.parametrize(("is_behind", "expected"), [(True, 302), (False, 429)])
def test_behind_a_proxy_the_address_is_what_the_proxy_saw(cora, settings, is_behind, expected):
    settings.BEHIND_PROXY = is_behind
    # The first entry is the sender's own claim; only the last one is the proxy's.
    guess(Browser(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}), 5)
    assert sign_in(Browser(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.8"})).status_code == expected


def test_an_ipv6_household_is_one_place(cora):
    for host in range(5):
        guess(Browser(REMOTE_ADDR=f"2001:db8:1:2::{host}"), 1)
    assert sign_in(Browser(REMOTE_ADDR="2001:db8:1:2:ffff::1")).status_code == 429
    assert sign_in(Browser(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_a_forgotten_password_is_set_by_a_mailed_link_that_works_once(client, cora, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    other = Browser()
    sign_in(other)
    assert ask(client, "Cora@Example.com").url == "/password/reset/sent/"
    (file,) = (tmp_path / "mail").iterdir()
    text = file.read_text()
    assert "To: cora@example.com" in text and "Subject: Set your VoiceLab password" in text
    link = re.search(r"http://testserver(/password\S+)", text)[1]
    assert b"too short" in set_password(client, link, "short").content
    assert b"Your password is set" in set_password(client, link, "a-plum-tree").content
    assert b"used before" in client.get(link, follow=True).content
    assert other.get("/").status_code == 302  # whoever was signed in with the old one is out
    assert sign_in(client).status_code == 200 and sign_in(client, "a-plum-tree").status_code == 302


def test_a_link_ends_after_three_days(client, cora, monkeypatch):
    ask(client)
    link = link_in(mail.outbox[0])
    now = timezone.now().replace(tzinfo=None)
    token = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    monkeypatch.setattr(token, lambda self: now + timedelta(days=2, hours=23))
    assert b"Set it" in client.get(link, follow=True).content
    monkeypatch.setattr(token, lambda self: now + timedelta(days=3, hours=1))
    assert b"used before or is too old" in client.get(link, follow=True).content


def test_asking_for_links_neither_fills_a_mailbox_nor_tells_who_is_here(client, cora):
    pages = [ask(client) for _ in range(5)] + [ask(client, "nobody@example.com")]
    assert {page.url for page in pages} == {"/password/reset/sent/"}
    assert len(mail.outbox) == LIMITS[Attempt.Kind.LINK].name_and_place == 3
    for place in PLACES:
        ask(Browser(REMOTE_ADDR=place))
    assert len(mail.outbox) == LIMITS[Attempt.Kind.LINK].name


def test_a_signed_in_person_changes_the_password_and_stays_signed_in(client, cora):
    sign_in(client)
    wrong = {"old_password": "wrong", "new_password1": "a-plum-tree", "new_password2": "a-plum-tree"}
    assert b"incorrectly" in client.post("/password/", wrong).content
    done = client.post("/password/", {**wrong, "old_password": PASSWORD}, follow=True)
    assert b"Password changed" in done.content and client.get("/").status_code == 200
    assert User.objects.get(pk=cora.pk).check_password("a-plum-tree")
