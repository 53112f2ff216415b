# SPDX-License-Identifier: BSD-2-Clause
"""Runs the parts that were asked for; bench.sh says how to ask."""

import importlib
import shutil
import sys
import tempfile

import machine
import output
import procs
import settings


class Context:
    """What the parts share."""

    def __init__(self, chosen):
        self.settings = chosen
        self.pool = procs.Pool()
        self.tmp = tempfile.mkdtemp(prefix="drillpress-bench.")

    def end(self):
        self.pool.end_all()
        shutil.rmtree(self.tmp, ignore_errors=True)


def measure(chosen):
    report = output.begin(chosen, machine.describe())
    output.print_head(report)
    context = Context(chosen)
    try:
        for name in chosen.parts:
            report["parts"][name] = importlib.import_module(name).run(context)
            output.print_part(name, report["parts"][name], chosen)
            # What is there, should a later part be interrupted.
            output.write(report, chosen.json)
    finally:
        context.end()


def main():
    procs.end_on_signals()
    try:
        measure(settings.Settings())
    except (settings.Mistake, RuntimeError, OSError) as error:
        print("bench: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
