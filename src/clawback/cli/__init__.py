"""The command line: a door that knows only the desk.

`commands` are what can be typed, `screens` what is shown, `words` the sentences in both languages.
"""

from clawback.cli.commands import main

__all__ = ["main"]
