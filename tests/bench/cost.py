# SPDX-License-Identifier: BSD-2-Clause
"""
What one script costs: wall time and CPU (user and system, of the program and all
it waited for), both tools in turns. Packetdrill gets its namespace made before
its time begins, drillpress makes its own within it.
"""

import os

import stats

NULL = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
HANDSHAKE = NULL + """\
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
"""
COPIES, CROWD, AT_A_TIME = 500, 64, 8


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def copies(folder, n):
    os.mkdir(folder)
    return [write(folder, "%d.pkt" % i, HANDSHAKE + "// copy %d\n" % i) for i in range(n)]


def once(context, argv, tool):
    child = context.pool.run(argv, network=tool == "theirs" and "--dry_run" not in argv)
    if child.status:
        raise RuntimeError("exit status %d of: %s" % (child.status, " ".join(argv[:6])))
    return child.wall, child.cpu


def crowd_theirs(context, scripts):
    """As packetdrill's runner: a process for each script, so many at a time."""
    starts = [lambda s=s: context.pool.start([context.settings.peer, s], network=True)
              for s in scripts]
    children = context.pool.run_all(starts, AT_A_TIME)
    began = min(c.began for c in children)
    return max(c.over for c in children) - began, sum(c.cpu for c in children)


def cases(context):
    s, tmp = context.settings, context.tmp
    null = write(tmp, "null.pkt", NULL)
    handshake = write(tmp, "handshake.pkt", HANDSHAKE)
    many, crowd = copies(tmp + "/parse", COPIES), copies(tmp + "/crowd", CROWD)
    run = [s.drillpress, "run", "--no-record"]
    few = max(1, s.runs // 6)

    def both(name, runs, parts, ours, theirs):
        def measure(tool):
            return once(context, ours if tool == "ours" else theirs, tool)
        return name, runs, parts, measure

    def together(tool):
        if tool == "theirs":
            return crowd_theirs(context, crowd)
        return once(context, [*run, "-j", str(AT_A_TIME), tmp + "/crowd"], tool)

    return [
        both("null script, whole run", s.runs, 1, [*run, null], [s.peer, null]),
        both("handshake, whole run", s.runs, 1, [*run, handshake], [s.peer, handshake]),
        both("parse and check, each of %d" % COPIES, few, COPIES,
             [s.drillpress, "check", *many], [s.peer, "--dry_run", *many]),
        ("handshake, each of %d, %d at a time" % (CROWD, AT_A_TIME), few, CROWD, together),
    ]


def summary(pairs):
    return {"wall_ns": [w for w, _ in pairs], "cpu_ns": [c for _, c in pairs],
            "wall_p50_ns": stats.median([w for w, _ in pairs]),
            "cpu_p50_ns": stats.median([c for _, c in pairs])}


def run(context):
    found = []
    for name, runs, parts, measure in cases(context):
        pairs = {tool: [] for tool in context.settings.tools()}
        for _ in range(runs):
            for tool in pairs:
                wall, cpu = measure(tool)
                pairs[tool].append((wall // parts, cpu // parts))
        found.append({"case": name, "runs": runs,
                      **{tool: summary(list_) for tool, list_ in pairs.items()}})
    return {"cases": found}
