# SPDX-License-Identifier: BSD-2-Clause
"""What the environment asks for; bench.sh documents it."""

import os

PARTS = ("cost", "suite", "flips", "lateness", "virtual")
VARIANTS = ("ipv4", "ipv4-mapped-ipv6", "ipv6")


class Mistake(Exception):
    """The environment asks for what cannot be."""


def number(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise Mistake("%s=%s: not a number above 0" % (name, text))
    return int(text)


def words(name, default):
    return (os.environ.get(name) or " ".join(default)).split()


def some_of(name, known):
    chosen = words(name, known)
    for word in chosen:
        if word not in known:
            raise Mistake("%s: '%s' is none of: %s" % (name, word, " ".join(known)))
    return [word for word in known if word in chosen]


def levels(name, default):
    chosen = words(name, default)
    if not all(word.isdigit() and int(word) for word in chosen):
        raise Mistake("%s: not numbers above 0" % name)
    return [int(word) for word in chosen]


def place(name, fits, kind):
    path = os.environ.get(name)
    if not path:
        return None
    if not fits(path):
        raise Mistake("%s=%s: not %s" % (name, path, kind))
    # A name may matter, so links are not followed.
    return os.path.abspath(path)


def there(name, default):
    """What was built where it is usual, unless the environment names another."""
    return place(name, os.path.isfile, "a file") or (default if os.path.isfile(default) else None)


class Settings:
    def __init__(self):
        self.parts = some_of("BENCH_PARTS", PARTS)
        self.rounds = number("BENCH_ROUNDS", 5)
        self.runs = number("BENCH_RUNS", 30)
        self.filter = os.environ.get("BENCH_FILTER", "")
        self.variants = some_of("BENCH_VARIANTS", VARIANTS)
        self.peer_jobs = number("BENCH_PEER_JOBS", 8)
        self.levels = levels("BENCH_LEVELS", "1 3 8 32".split())
        self.packets = number("BENCH_PACKETS", 200)
        self.json = os.environ.get("BENCH_JSON")
        self.drillpress = os.path.abspath(os.environ["DRILLPRESS"])
        self.scripts = place("BENCH_SCRIPTS", os.path.isdir, "a folder")
        self.same = number("BENCH_SAME", 100)
        built = os.path.dirname(self.drillpress)
        self.stack = there("BENCH_STACK", os.path.join(built, "stacks/lwip/drillpress-lwip.so"))
        self.stack_rate = there("BENCH_STACK_RATE", os.path.join(built, "tests/bench/stack_rate"))
        self.peer = place("PACKETDRILL", lambda p: os.access(p, os.X_OK), "a program")
        self.corpus = place("PACKETDRILL_SUITE", os.path.isdir, "a folder")
        if self.peer and os.geteuid():
            raise Mistake("PACKETDRILL wants root")

    def tools(self):
        return ["ours", "theirs"] if self.peer else ["ours"]
