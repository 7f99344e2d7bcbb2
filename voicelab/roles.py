"""The four kinds of people, and what each may do for a client. Pure data; imports nothing of ours."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    COPYWRITER = "copywriter", "Copywriter"
    ANNOTATOR = "annotator", "Annotator"
    ACCOUNT_MANAGER = "account_manager", "Account manager"
    LEAD = "lead", "Lead"


class Can(models.TextChoices):
    SEE = "see", "see the client's voices and dashboards"
    CURATE = "curate", "import copy, accept, edit and reject pairs"
    VALIDATE = "validate", "draw lots of accepted pairs and close them"
    JUDGE = "judge", "score, compare and edit samples"
    TRAIN = "train", "start and cancel runs"
    PROMOTE = "promote", "promote and roll back versions"
    EXPORT = "export", "download pairs, preferences and scores"
    MANAGE = "manage", "invite, change and deactivate people"


GRANTS: dict[Role, frozenset[Can]] = {
    Role.COPYWRITER: frozenset({Can.SEE, Can.JUDGE}),
    Role.ANNOTATOR: frozenset({Can.SEE, Can.CURATE, Can.EXPORT}),
    Role.ACCOUNT_MANAGER: frozenset({Can.SEE, Can.EXPORT}),
    Role.LEAD: frozenset(Can),
}


# What each does, for whoever gives the roles.
WORK: dict[Role, str] = {
    Role.COPYWRITER: "scores, compares and edits samples",
    Role.ANNOTATOR: "imports copy, decides on pairs, downloads data",
    Role.ACCOUNT_MANAGER: "reads the dashboards, downloads data",
    Role.LEAD: "all of that; draws lots, starts runs, promotes versions, manages people",
}


def granted(roles: set[str]) -> frozenset[Can]:
    """Everything that any of these roles may do."""
    return frozenset().union(*(GRANTS[Role(role)] for role in roles)) if roles else frozenset()
