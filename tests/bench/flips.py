# SPDX-License-Identifier: BSD-2-Clause
"""
Verdicts that change between repeats, on an idle machine and beside busy loops
(two for each processor).

own: drillpress over our own scripts, as many at a time as it chooses; a flip is
a FAIL of a script that is known to pass (all of them are).
both: those of packetdrill's scripts that both tools pass in two opening runs,
one at a time, row by row in turns; a flip is a FAIL of one of them. What
packetdrill says to have been its own lateness is a failure to its user, and
counted in LATE too; ours says INCONCLUSIVE, after three tries.
"""

import os

import corpus
import procs
import stats

OPENING = 2
GOOD = ("PASS", "SKIP", "XFAIL", "XPASS")


def tally(verdicts, lateness=()):
    verdicts = list(verdicts)
    counted = {v: verdicts.count(v) for v in sorted(set(verdicts))}
    inconclusive = verdicts.count("INCONCLUSIVE")
    return {"runs": len(verdicts), "counts": counted,
            "flips": sum(v not in GOOD and v != "INCONCLUSIVE" for v in verdicts),
            "inconclusive": inconclusive,
            "inconclusive_share": stats.share(inconclusive, len(verdicts)),
            "worst_lateness_ns": max(lateness, default=None)}


def condition(context, name, measure):
    if name == "idle":
        return measure()
    with procs.Hogs(context.pool):
        return measure()


def own_round(context):
    s = context.settings
    out = os.path.join(context.tmp, "flips.json")
    scripts = [os.path.join(s.scripts, path) for path in corpus.find(s.scripts, s.filter)]
    if not scripts:
        return []
    context.pool.run([s.drillpress, "run", "--no-record", "--report", "json=" + out, *scripts])
    return [(*key, *value) for key, value in corpus.results(out).items()]


def row_verdict(context, tool, row):
    s, (script, variant) = context.settings, row
    out = os.path.join(context.tmp, "flip")
    if tool == "ours":
        child = context.pool.run(corpus.ours(s, variant, [script], "-j1"), cwd=s.corpus, out=out)
        return corpus.verdict_ours(child)
    child = context.pool.run_all([lambda: corpus.start_theirs(context.pool, s, row, out)], 1)[0]
    return corpus.verdict_theirs(child, out)


def rows_round(context, rows, turn):
    """One run of each row by each tool, in turns."""
    found = {tool: [] for tool in context.settings.tools()}
    for n, row in enumerate(rows):
        for tool in sorted(found, reverse=bool((turn + n) % 2)):
            found[tool].append(row_verdict(context, tool, row))
    return found


def stable(context):
    rows = corpus.rows(context.settings)
    for turn in range(OPENING):
        found = rows_round(context, rows, turn)
        rows = [row for n, row in enumerate(rows) if all(v[n] == "PASS" for v in found.values())]
    return rows


def flipped(labels, verdicts):
    """Which ones, how often."""
    found = {}
    for label, verdict in zip(labels, verdicts):
        if verdict not in GOOD:
            key = "%s (%s): %s" % (*label, verdict)
            found[key] = found.get(key, 0) + 1
    return found


def run(context):
    s = context.settings
    own = {name: [] for name in ("idle", "loaded")}
    rows = stable(context) if s.corpus and s.peer else []
    both = {name: {tool: [] for tool in s.tools()} for name in own}
    for turn in range(s.rounds):
        for name in own:
            own[name] += condition(context, name, lambda: own_round(context))
            if rows:
                found = condition(context, name, lambda: rows_round(context, rows, turn))
                for tool, verdicts in found.items():
                    both[name][tool] += verdicts
    result = {"rounds": s.rounds, "filter": s.filter, "rows": len(rows),
              "own": {name: {**tally([r[2] for r in runs], [r[3] for r in runs]),
                             "flipped": flipped([r[:2] for r in runs], [r[2] for r in runs])}
                      for name, runs in own.items()}}
    if rows:
        result["both"] = {
            name: {tool: {**tally(verdicts), "flipped": flipped(rows * s.rounds, verdicts)}
                   for tool, verdicts in tools.items()}
            for name, tools in both.items()}
    return result
