"""`manage.py load_demo`: two demo clients into an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.demo.load import load, people
from training.models import Client


class Command(BaseCommand):
    help = "Load the demo clients, people, pairs, first adapters and past judgements into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        if Client.objects.real().exists():
            raise CommandError("There are clients here already; the demo is for an empty database.")
        load()
        for email, password, role in people():
            self.stdout.write(f"{role:16} {email}  {password}")
