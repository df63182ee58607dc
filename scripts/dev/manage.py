"""./dev manage and ./dev servers."""

import argparse
import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

from dev.django_env import environment
from dev.django_env import manage as manage_py
from dev.folder import ROOT, open_folder
from dev.servers import addresses, any_servers, own_servers
from dev.words import say


def manage(arguments: Sequence[str]) -> int:
    rest = list(arguments)
    data = None
    if rest[:1] == ["--data"]:
        data, rest = rest[1], rest[2:]
    folder = open_folder(data)
    with any_servers(folder, "manage"):
        return call(manage_py(*rest), environment(folder))


def call(command: Sequence[str], env: dict[str, str]) -> int:
    """Run in our terminal. Ctrl-C goes to it as well; we wait for it to end in its own way."""
    with subprocess.Popen(list(command), cwd=ROOT, env=env) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def servers(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev servers")
    parser.add_argument("--data")
    folder = open_folder(parser.parse_args(arguments).data)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    with own_servers(folder, "servers"):
        for name, value in addresses(folder).items():
            say(f"{name}={value}")
        say("Ready. Ctrl-C ends them.")
        while True:
            time.sleep(3600)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
