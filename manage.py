#!/usr/bin/env python
"""VoiceLab's command line: `python manage.py help` lists the commands."""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python deserves a sentence, not a traceback)
        sys.exit(f"VoiceLab needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicelab.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # a setting with a bad value, in the sentence that says what to write
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)  # as shells have it
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        from voicelab.checks import said

        sys.exit(said(error))
