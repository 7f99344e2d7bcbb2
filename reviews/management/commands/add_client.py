"""`manage.py add_client NAME --lead EMAIL`: a client of your own, its first voice and its first lead."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import MaxLengthValidator, validate_email

from reviews.people import add_client, slug_of
from training.models import Client


class Command(BaseCommand):
    help = "Add a client with its first voice and its first lead, who invites everybody else in the browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the client's name; its web address is made from it")
        parser.add_argument("--lead", required=True, help="the e-mail address of its first lead")
        parser.add_argument("--voice", help="the name of its first voice; the client's name if not given")

    def handle(self, *args: Any, name: str, lead: str, voice: str | None, **options: Any) -> None:
        try:
            validate_email(lead)
            MaxLengthValidator(150)(lead)
        except ValidationError as error:
            raise CommandError(f"{lead} is no e-mail address that can sign in.") from error
        voice = voice or name
        for one in (name, voice):
            if not slug_of(one) or len(one) > 60:
                raise CommandError(
                    f"{one!r} cannot be a name here: use up to 60 characters, with Latin letters or digits among them, "
                    "which its web address is made of."
                )
        if Client.objects.filter(slug=slug_of(name)).exists():
            raise CommandError(f"There is a client named {name} already.")
        made = add_client(name, voice, lead=lead)
        self.stdout.write(f"{name} is there, with the voice {made.client.slug}/{made.slug}.")
        user = User.objects.get(username=lead.strip().lower())
        if user.last_login:
            self.stdout.write(f"{user.username} leads it and signs in as always.")
        else:
            self.stdout.write(f"{user.username} leads it. The first password comes by mail: open the sign-in page,")
            self.stdout.write('follow "I forgot my password" and give this address.')
