# SPDX-License-Identifier: BSD-2-Clause
"""
What people read, and one JSON object with everything:

format, version   "drillpress-bench", 1
machine           cores, model, kernel, hz, load (at the begin),
                  allowed_congestion_control, root, began (s since 1970)
settings          what the environment asked for; peer is null without one
parts             those that were run, by name; times are integers, in ns
  cost            cases: list of case, runs, ours, theirs: each with the lists
                  wall_ns, cpu_ns and their medians wall_p50_ns, cpu_p50_ns
  suite           corpus, filter, rows; ours, theirs: each with serial, parallel
                  (wall_ns, cpu_ns, counts, verdicts by script), kept, kept_share,
                  passes_lost (PASS in serial only)
  flips           rounds, rows; own.idle, own.loaded: runs, counts, flips,
                  inconclusive, inconclusive_share, worst_lateness_ns, flipped (which,
                  how often); both.idle.ours, both.idle.theirs ...: the same
  virtual         library, each of long (case): the list wall_ns and its median
                  wall_p50_ns; rates: connections a second of script_each (of its wall
                  time), script_each_cpu, one_script, no_script (missing without
                  stack_rate); same: runs, lines (of a run's results), differ (runs that
                  did); or skipped: why
  lateness        levels: list of level (scripts at a time), stalls_recognised,
                  stall_windows_ns, report_off_p50_ns, report_off_max_ns; ours,
                  theirs: lateness_ns, stalled_ns (all samples, those in stalls),
                  samples, stalled, missing, p50_ns, p99_ns, max_ns, over_1ms,
                  over_4ms (shares), stalled_max_ns, runs, not_passed, steal_ms;
                  or skipped: why

"theirs" is missing where there is no packetdrill.
"""

import json
import os

FORMAT, VERSION = "drillpress-bench", 1


def begin(chosen, machine):
    return {"format": FORMAT, "version": VERSION, "machine": machine,
            "settings": dict(vars(chosen)), "parts": {}}


def write(report, path):
    """Whole or not at all."""
    if path:
        with open(path + ".new", "w") as f:
            json.dump(report, f)
            f.write("\n")
        os.replace(path + ".new", path)


def ms(ns, digits=2):
    return "-" if ns is None else "%.*f ms" % (digits, ns / 1e6)


def seconds(ns):
    return "%.1f s" % (ns / 1e9)


def percent(share):
    return "-" if share is None else "%.2f %%" % (100 * share)


def ratio(ours, theirs):
    """How many times as much packetdrill takes."""
    return "%.1f" % (theirs / ours) if ours and theirs is not None else "-"


def line(*cells):
    print("  %-46s" % cells[0] + "".join("%14s" % cell for cell in cells[1:]), flush=True)


def compare(name, part, get, show):
    """A row: ours, and where there is one theirs and the ratio."""
    ours = get(part["ours"])
    if "theirs" not in part:
        line(name, show(ours))
        return
    theirs = get(part["theirs"])
    line(name, show(ours), show(theirs), ratio(ours, theirs))


def title(text, part_has_peer):
    print()
    line(text, "drillpress", *(("packetdrill", "ratio") if part_has_peer else ()))


def print_head(report):
    m = report["machine"]
    print("%d x %s, Linux %s, HZ=%d, load %s" % (
        m["cores"], m["model"], m["kernel"], m["hz"], " ".join("%.2f" % x for x in m["load"])))
    if not report["settings"]["peer"]:
        print("PACKETDRILL names no packetdrill: drillpress alone")
    elif "cubic" not in m["allowed_congestion_control"]:
        print("tcp_allowed_congestion_control lacks cubic: "
              "many of packetdrill's scripts fail, with either tool")


def print_cost(part, peer):
    title("cost, median of its runs", peer)
    for case in part["cases"]:
        compare(case["case"] + ", wall", case, lambda t: t["wall_p50_ns"], lambda v: ms(v, 3))
        compare(case["case"] + ", CPU", case, lambda t: t["cpu_p50_ns"], lambda v: ms(v, 3))


def print_suite(part, _):
    what = "suite, %s" % part["corpus"]
    what += ": only *%s*" % part["filter"] if part["filter"] else ": all"
    title(what, "theirs" in part)
    for mode in ("serial", "parallel"):
        compare(mode + ", wall", part, lambda t: t[mode]["wall_ns"], seconds)
        compare(mode + ", CPU", part, lambda t: t[mode]["cpu_ns"], seconds)
    plain = {tool: part[tool] for tool in ("ours", "theirs") if tool in part}
    for mode in ("serial", "parallel"):
        line(mode + ", passed of all", *("%d of %d" % (
            t[mode]["counts"].get("PASS", 0), len(t[mode]["verdicts"])) for t in plain.values()))
    line("verdicts kept in parallel", *(percent(t["kept_share"]) for t in plain.values()))
    line("passes lost in parallel", *(t["passes_lost"] for t in plain.values()))


def print_tally(tools):
    line("runs", *(t["runs"] for t in tools))
    line("flips to FAIL", *(t["flips"] for t in tools))
    line("of them late by its own word", *(t["counts"].get("LATE", 0) for t in tools))
    line("inconclusive after retries", *(percent(t["inconclusive_share"]) for t in tools))


def print_flips(part, _):
    what = " (only *%s*)" % part["filter"] if part["filter"] else ""
    for name, tally in part["own"].items():
        title("flips, our scripts%s, %s" % (what, name), False)
        print_tally([tally])
    for name, tools in part.get("both", {}).items():
        title("flips, %d stable rows%s, %s" % (part["rows"], what, name), "theirs" in tools)
        print_tally(list(tools.values()))


def print_lateness(part, peer):
    if "skipped" in part:
        print("\n  lateness skipped: %s" % part["skipped"])
        return
    for level in part["levels"]:
        title("lateness, %d at a time" % level["level"], peer)
        for figure in ("p50", "p99", "max"):
            compare(figure, level, lambda t: t[figure + "_ns"], lambda v: ms(v, 3))
        tools = [level[tool] for tool in ("ours", "theirs") if tool in level]
        for limit in ("1", "4"):
            line("over %s ms" % limit, *(percent(t["over_%sms" % limit]) for t in tools))
        line("packets (in stalls, missing)", *("%d (%d, %d)" % (
            t["samples"], t["stalled"], t["missing"]) for t in tools))
        line("worst in a stall", *(ms(t["stalled_max_ns"]) for t in tools))
        line("its own report is off by, p50 and max", ms(level["report_off_p50_ns"], 3),
             ms(level["report_off_max_ns"], 3))
        if not level["stalls_recognised"]:
            print("  stalls of the machine were not recognised: no real-time priority")


def print_virtual(part, _):
    if "skipped" in part:
        print("\n  virtual skipped: %s" % part["skipped"])
        return
    title("virtual time, lwIP", False)
    line("library of handshake and teardown, wall", ms(part["library"]["wall_p50_ns"], 0))
    for case in part["long"]:
        line(case["case"] + ", wall", ms(case["wall_p50_ns"]))
    for name, key in (("each a script", "script_each"), ("each a script, of CPU", "script_each_cpu"),
                      ("many in a script", "one_script"), ("without scripts", "no_script")):
        if key in part["rates"]:
            line("connections/s, " + name, part["rates"][key])
    line("runs of all scripts, that differ", part["same"]["runs"], part["same"]["differ"])


def print_part(name, part, chosen):
    shown = {"cost": print_cost, "suite": print_suite, "flips": print_flips,
             "lateness": print_lateness, "virtual": print_virtual}
    shown[name](part, bool(chosen.peer))
