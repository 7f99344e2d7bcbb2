from django.apps import AppConfig


class VoiceLabConfig(AppConfig):
    name = "voicelab"

    def ready(self) -> None:
        from voicelab import broker, checks  # noqa: F401

        broker.install()
