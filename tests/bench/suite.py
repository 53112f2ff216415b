# SPDX-License-Identifier: BSD-2-Clause
"""
A whole suite, one script after the other and many at a time: wall time, CPU, and
how many verdicts stay the same. It is packetdrill's suite in all IP versions if
it is there, else our own scripts. Ours runs each IP version with one command,
by itself (-j1) and as it chooses (no -j); packetdrill as many at a time as its
runner may be told to.
"""

import os

import corpus
import stats


def own(context, mode):
    s = context.settings
    out = os.path.join(context.tmp, "own.json")
    argv = [s.drillpress, "run", "--no-record", *mode, "--report", "json=" + out]
    scripts = [os.path.join(s.scripts, path) for path in corpus.find(s.scripts, s.filter)]
    child = context.pool.run([*argv, *scripts])
    found = corpus.results(out)
    return child.wall, child.cpu, {
        "%s (%s)" % (os.path.relpath(script, s.scripts), variant): verdict
        for (script, variant), (verdict, _) in found.items()}


def ours(context, rows, mode):
    wall = cpu = 0
    verdicts = {}
    out = os.path.join(context.tmp, "suite.json")
    for variant in context.settings.variants:
        scripts = [script for script, v in rows if v == variant]
        if not scripts:
            continue
        child = context.pool.run(
            corpus.ours(context.settings, variant, scripts, *mode, "--report", "json=" + out),
            cwd=context.settings.corpus)
        wall, cpu = wall + child.wall, cpu + child.cpu
        found = {script: verdict for (script, _), (verdict, _) in corpus.results(out).items()}
        # One that is not valid in this IP version ends before it has one.
        verdicts.update({(s, variant): found.get(s, "BADSCRIPT") for s in scripts})
    return wall, cpu, verdicts


def theirs(context, rows, jobs):
    outs = [os.path.join(context.tmp, "peer-%d" % i) for i in range(len(rows))]
    starts = [lambda row=row, out=out: corpus.start_theirs(context.pool, context.settings, row, out)
              for row, out in zip(rows, outs)]
    children = context.pool.run_all(starts, jobs)
    verdicts = {row: corpus.verdict_theirs(child, out)
                for row, child, out in zip(rows, children, outs)}
    wall = max(c.over for c in children) - min(c.began for c in children)
    return wall, sum(c.cpu for c in children), verdicts


def counts(verdicts):
    found = {}
    for verdict in verdicts:
        found[verdict] = found.get(verdict, 0) + 1
    return found


def named(verdicts):
    return {key if isinstance(key, str) else "%s (%s)" % key: verdict
            for key, verdict in verdicts.items()}


def compare(serial, parallel):
    """What both modes gave, and how many rows had the same verdict in both."""
    result = {}
    for mode, (wall, cpu, verdicts) in (("serial", serial), ("parallel", parallel)):
        result[mode] = {"wall_ns": wall, "cpu_ns": cpu, "counts": counts(verdicts.values()),
                        "verdicts": named(verdicts)}
    one, other = serial[2], parallel[2]
    kept = sum(other.get(row) == verdict for row, verdict in one.items())
    lost = sum(verdict == "PASS" and other.get(row) != "PASS" for row, verdict in one.items())
    result.update(kept=kept, kept_share=stats.share(kept, len(one)), passes_lost=lost)
    return result


def run(context):
    s = context.settings
    if not s.corpus:
        return {"corpus": "our scripts", "filter": s.filter,
                "ours": compare(own(context, ["-j1"]), own(context, []))}
    rows = corpus.rows(s)
    if not rows:
        raise RuntimeError("no script of PACKETDRILL_SUITE fits BENCH_FILTER")
    found = {"corpus": "packetdrill's", "filter": s.filter, "variants": s.variants,
             "rows": len(rows), "ours": compare(ours(context, rows, ["-j1"]),
                                                ours(context, rows, []))}
    if s.peer:
        found["peer_jobs"] = s.peer_jobs
        found["theirs"] = compare(theirs(context, rows, 1), theirs(context, rows, s.peer_jobs))
    return found
