"""What all commands owe a person at a terminal."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, find_commands, load_command_class

OURS = [
    (app, name)
    for app in ("training", "reviews", "voicelab")
    for name in find_commands(f"{apps.get_app_config(app).path}/management")
]


@pytest.mark.parametrize(("app", "name"), OURS)
def test_every_command_and_argument_is_explained(app, name):
    command = load_command_class(app, name)
    parser = command.create_parser("manage.py", name)
    assert command.help and [one.dest for one in parser._actions if not one.help] == []


def test_a_starter_that_could_not_be_written_is_not_trained(tmp_path, monkeypatch):
    monkeypatch.setattr("training.starter.build.build_all", lambda *what, **more: pytest.fail("It was trained."))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="Choose another folder"):
        call_command("build_starter", out=tmp_path / "file" / "starter")
