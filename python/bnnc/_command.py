"""The command: where it is, how it is called, and what its errors say."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Sequence

#: What is read of the command's output beside its JSON.
ENVIRONMENT = "BNNC"


class BnncError(ValueError):
    """An error of the command: ``code`` names it (docs/errors.md), ``hint`` says how to mend it."""

    def __init__(self, message: str, code: str | None = None, hint: str | None = None):
        super().__init__(message if hint is None else f"{message}. {hint}")
        self.message, self.code, self.hint = message, code, hint

    def __reduce__(self):
        return type(self), (self.message, self.code, self.hint)


def command_words(command: str | Sequence[str] | None) -> list[str]:
    """The words that start the command: as given, as the variable BNNC says, or ``bnnc`` of the PATH.

    Raises
    ------
    BnncError
        When there is no such program.
    """
    given = command if command is not None else os.environ.get(ENVIRONMENT)
    words = shlex.split(given) if isinstance(given, str) else list(given) if given is not None else ["bnnc"]
    if not words or shutil.which(words[0]) is None:
        name = words[0] if words else "an empty command"
        raise BnncError(
            f"the command {name} was not found",
            "usage.command",
            "Install it with: npm install --global bnnc. Or give `command`, or set the variable BNNC.",
        )
    return words


def run(words: Sequence[str], arguments: Sequence[str], cwd: str | None = None) -> str:
    """Runs the command, and gives what it printed; Ctrl-C ends it, too.

    Raises
    ------
    BnncError
        When the command fails: with its code, message and hint.
    """
    process = subprocess.Popen(
        [*words, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=cwd,
        text=True, encoding="utf-8",
    )
    try:
        out, err = process.communicate()
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    if process.returncode != 0:
        raise _error(out, err, process.returncode)
    return out


def _error(out: str, err: str, code: int) -> BnncError:
    for line in reversed([line for text in (err, out) for line in text.splitlines()]):
        try:
            error = json.loads(line)["error"]
            where = error.get("where") or {}
            place = ":".join(str(where[key]) for key in ("file", "line", "column") if key in where)
            return BnncError(f"{place}: {error['message']}" if place else error["message"], error.get("code"), error.get("hint"))
        except (ValueError, KeyError, TypeError):
            continue
    said = err.strip().splitlines()
    return BnncError(said[-1] if said else f"bnnc ended with code {code}")
