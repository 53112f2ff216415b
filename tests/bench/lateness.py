# SPDX-License-Identifier: BSD-2-Clause
"""
How late packets are injected, by so many scripts at a time: each makes a
connection and injects acknowledgements at fixed distances. They are of different
lengths and more than run at a time, for it is other scripts' beginnings and ends
that make a tool late. Ours is one `drillpress run -jN`, packetdrill a process
for each script. Packetdrill gets --tolerance_usecs=1000000, for it gives a script
up at the first late packet.

A packet is as late as it is behind the timeline that its predecessor and all
packets after it keep to at best: one that is late and moves the rest with it
counts once, those in a burst that catches up count each. A packet whose due
time and stamp have a stall of the machine (stalls.py) between them is counted
apart. The times in our JSON report are held against the same stamps.
"""

import json
import os

import corpus
import machine
import stalls
import stamps
import stats

# ms between packets: not in step with any tick.
GAPS_MS = (5, 3.7, 8.3, 4.1, 6.9)
WINDOW = 1000
SCRIPT = """\
0 `%s`
+.5 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+.05 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
"""
PEER_TOLERANCE = "--tolerance_usecs=1000000"
LATE_NS = (1_000_000, 4_000_000)
LIMIT = 300
WAVES, LENGTHS = 3, 4


def gaps_ns(n):
    """Of the n-th packet from the one before."""
    return round(GAPS_MS[n % len(GAPS_MS)] * 1e6)


def length(n, packets):
    """How many packets script number n injects, at most so many."""
    return -(-packets * (1 + n % LENGTHS) // LENGTHS)


def script(command, packets):
    lines = ["+%.4f < . 1:1(0) ack 1 win %d" % (gaps_ns(n) / 1e9, WINDOW + n)
             for n in range(packets)]
    return SCRIPT % command + "\n".join(lines) + "\n"


def lateness(stamped, packets):
    """[(due, lateness)] of one run, in ns; fewer than packets if some were not seen."""
    written, plan = 0, []
    for n in range(packets):
        written += gaps_ns(n)
        if stamped.get(WINDOW + n) is not None:
            plan.append((stamped[WINDOW + n], stamped[WINDOW + n] - written))
    least, found = None, []
    floors = []
    for _, behind in reversed(plan):
        least = behind if least is None else min(least, behind)
        floors.append(least)
    floors.reverse()
    for n, (stamp, behind) in enumerate(plan):
        late = behind - floors[max(0, n - 1)]
        found.append((stamp - late, late))
    return found


def run_ours(context, level, scripts, out, meanwhile):
    child = context.pool.run(
        [context.settings.drillpress, "run", "--no-record", "-j", str(level),
         "--report", "json=" + out, *scripts], meanwhile=meanwhile, limit=LIMIT)
    if child.timed_out:
        raise RuntimeError("drillpress did not end within %d s" % LIMIT)
    return sum(verdict != "PASS" for verdict, _ in corpus.results(out).values())


def run_theirs(context, level, scripts, meanwhile):
    starts = [lambda path=path: context.pool.start(
        [context.settings.peer, PEER_TOLERANCE, path], network=True, limit=LIMIT)
        for path in scripts]
    children = context.pool.run_all(starts, level, meanwhile)
    return sum(c.status != 0 for c in children)


def run_once(context, tool, level, folder):
    """One run of a level: what the recorder saw, how many did not pass, our report."""
    os.mkdir(folder)
    scripts, out = [], os.path.join(folder, "report.json")
    with stamps.Recorder(folder) as recorder:
        for n in range(level * WAVES):
            scripts.append(os.path.join(folder, "%d.pkt" % n))
            with open(scripts[-1], "w") as f:
                f.write(script(recorder.command(n), length(n, context.settings.packets)))
        meanwhile = (recorder.ready, recorder.serve)
        if tool == "ours":
            failed = run_ours(context, level, scripts, out, meanwhile)
        else:
            failed = run_theirs(context, level, scripts, meanwhile)
        return recorder.seen(), failed, out


def reported(path):
    """[{window: ns since 1970}] that our report says, one for each time a script was run."""
    runs = {}
    with open(path) as f:
        for line in f:
            event = json.loads(line)
            words = event.get("text", "").split()
            if event.get("event") == "inbound" and words[-2:-1] == ["win"]:
                runs.setdefault(event["run"], {})[int(words[-1])] = event["wall"]
    return list(runs.values())


def differences(seen, said):
    """ns by which the report is off. Runs are matched by their first packet."""
    found = []
    for _, stamped in seen:
        if WINDOW not in stamped:
            continue
        near = min(said, key=lambda run: abs(run.get(WINDOW, 0) - stamped[WINDOW]))
        found += [near[w] - t for w, t in stamped.items() if w >= WINDOW and w in near]
    return [d for d in found if d is not None]


def summary(runs, packets, stalled, failed):
    good, bad, missing = [], [], 0
    for n, stamped in runs:
        samples = lateness(stamped, length(n, packets))
        missing += length(n, packets) - len(samples)
        for due, late in samples:
            (bad if stalled.within(due, due + late) else good).append(late)
    return {"lateness_ns": good, "stalled_ns": bad, "missing": missing, "not_passed": failed,
            "runs": len(runs)}


def add(total, more):
    for key, value in more.items():
        total[key] = total[key] + value if key in total else value


def figures(total):
    late = total["lateness_ns"]
    total["samples"], total["stalled"] = len(late), len(total["stalled_ns"])
    for share in (50, 99):
        total["p%d_ns" % share] = stats.percentile(late, share)
    total["max_ns"] = max(late, default=None)
    for limit in LATE_NS:
        total["over_%dms" % (limit // 1_000_000)] = stats.share(
            sum(value > limit for value in late), len(late))
    total["stalled_max_ns"] = max(total["stalled_ns"], default=None)


def level_of(context, level):
    totals = {tool: {"steal_ms": 0} for tool in context.settings.tools()}
    off, recognised, windows = [], True, []
    for turn in range(context.settings.rounds):
        for tool in totals:
            folder = os.path.join(context.tmp, "late-%d-%s-%d" % (level, tool, turn))
            steal = machine.steal_ms()
            with stalls.Stalls(context) as stalled:
                seen, failed, out = run_once(context, tool, level, folder)
            steal = machine.steal_ms() - steal
            recognised = recognised and stalled.recognised
            windows += [end - begin for begin, end in stalled.windows]
            add(totals[tool], {**summary(seen, context.settings.packets, stalled, failed),
                               "steal_ms": steal})
            if tool == "ours":
                off += differences(seen, reported(out))
    for total in totals.values():
        figures(total)
    return {"level": level, "stalls_recognised": recognised, "stall_windows_ns": windows,
            "report_off_p50_ns": stats.median([abs(d) for d in off]),
            "report_off_max_ns": max((abs(d) for d in off), default=None), **totals}


def run(context):
    if os.geteuid():
        return {"skipped": "packets are stamped in the scripts' namespaces, which wants root"}
    return {"packets": context.settings.packets, "rounds": context.settings.rounds,
            "levels": [level_of(context, level) for level in context.settings.levels]}
