# SPDX-License-Identifier: BSD-2-Clause
"""
Packetdrill's scripts in their IP versions, as both tools are started for them.

Ours runs them as `drillpress run` with the options of packetdrill's runner and
its kind of device; packetdrill gets a namespace of its own for each. Verdicts
are PASS, FAIL, INCONCLUSIVE or OTHER; of packetdrill, LATE is a failure in
which it says itself that it was late.
"""

import json
import os
import re

IPV4 = ("--local_ip=192.168.0.1 --gateway_ip=192.168.0.1 --remote_ip=192.0.2.1 "
        "--netmask_ip=255.255.0.0 -D TFO_COOKIE=3021b9d889017eeb -D CODE=host_unreachable ")
IPV6 = ("--local_ip=fd3d:0a0b:17d6::1 --gateway_ip=fd3d:0a0b:17d6:8888::1 "
        "--remote_ip=fd3d:fa7b:d17d::1 --mtu=1520 -D TFO_COOKIE=c1d1e9742a47a9bc ")
CMSG4 = "-D CMSG_LEVEL_IP=SOL_IP -D CMSG_TYPE_RECVERR=IP_RECVERR"
CMSG6 = "-D CMSG_LEVEL_IP=SOL_IPV6 -D CMSG_TYPE_RECVERR=IPV6_RECVERR"
OPTIONS = {"ipv4": IPV4 + CMSG4, "ipv4-mapped-ipv6": IPV4 + CMSG6, "ipv6": IPV6 + CMSG6}

LIMIT = 180
LATE = re.compile(r"timing error: expected (?!outbound).* but happened at", re.S)
# Exit codes of a single script.
EXITS = {0: "PASS", 1: "FAIL", 4: "INCONCLUSIVE"}


def options(variant):
    return ["--ip_version=" + variant, "--send_omit_free"] + OPTIONS[variant].split()


def fits(script, variant):
    """Names that end in v4 or v6 are for that version alone."""
    return not script.endswith("v4.pkt" if variant == "ipv6" else "v6.pkt")


def find(folder, part):
    found = []
    for where, folders, names in os.walk(folder):
        folders.sort()
        paths = (os.path.join(where, name) for name in names if name.endswith(".pkt"))
        found += [os.path.relpath(path, folder) for path in paths]
    return sorted(path for path in found if part in path)


def rows(settings):
    """(script, variant): what packetdrill's runner makes of the tcp folder."""
    folder = os.path.join(settings.corpus, "tcp")
    scripts = find(folder if os.path.isdir(folder) else settings.corpus, settings.filter)
    prefix = "tcp/" if os.path.isdir(folder) else ""
    return [(prefix + s, v) for s in scripts for v in settings.variants if fits(s, v)]


def ours(settings, variant, scripts, *more):
    """Command line; the scripts are relative to the corpus."""
    return [settings.drillpress, "run", "--no-record", "--wire=tun", *options(variant),
            *more, *scripts]


def theirs(settings, variant, script):
    return [settings.peer, *options(variant), os.path.basename(script)]


def start_theirs(pool, settings, row, out):
    script, variant = row
    return pool.start(theirs(settings, variant, script), network=True, out=out, limit=LIMIT,
                      cwd=os.path.dirname(os.path.join(settings.corpus, script)))


def verdict_theirs(child, out):
    if child.status == 0:
        return "PASS"
    with open(out, errors="replace") as f:
        return "LATE" if LATE.search(f.read()) else "FAIL"


def verdict_ours(child):
    return EXITS.get(child.status, "OTHER")


def results(path):
    """{(script, variant): (verdict, lateness in ns)} of a JSON report."""
    found = {}
    with open(path) as f:
        for line in f:
            event = json.loads(line)
            if event["kind"] == "end":
                found[event["script"], event["variant"]] = (event["verdict"], event["lateness"])
    return found
