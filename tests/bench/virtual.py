# SPDX-License-Identifier: BSD-2-Clause
"""
Virtual time: what scripts on lwIP cost on this machine's clock. The library of
handshake and teardown; hours and minutes of script time; connections a second of
one processor, as scripts of their own, many in one script, and without scripts;
and whether so many runs of the library are the same to the last byte, half of
them beside busy loops.
"""

import json
import os

import procs
import stats

# On lwIP: a SYN is given up after 18.25 s, or half a tick later, a TIME-WAIT lasts two minutes.
CONNECT = """\
+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0...18.25 connect(3, ..., ...) = -1 ECONNABORTED (Software caused connection abort)
+0 > S 0:0(0) <...>
+2.75 > S 0:0(0) <...>
""" + 5 * "+3 > S 0:0(0) <...>\n" + "+1 close(3) = 0\n"
OPEN = """\
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
"""
TIME_WAIT = OPEN + """\
+0 close(4) = 0
+0 > F. 1:1(0) ack 1
+0 < F. 1:1(0) ack 2 win 65535 => TIME-WAIT
+0 > . 2:2(0) ack 2
+0...120 > nothing => TIME-WAIT
+0...1 > nothing => CLOSED
"""
ONE = OPEN + """\
+0 < P. 1:100(99) ack 1 win 65535
+0 read(4, ..., 200) = 99
+0 < R. 100:100(0) ack 1 win 0
+0 close(4) = 0
"""
ANOTHER = """\
+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0...0.1 connect(3, ..., ...) = 0
+0 > S 0:0(0) <...>
+0.1 < S. 0:0(0) ack 1 win 65535 <mss 1460>
+0 > . 1:1(0) ack 1
+0 < R. 1:1(0) ack 1 win 0
+0 close(3) = 0
"""
IN_ONE, BY_ITSELF = 500, 50000
NO_TIME = ("id", "began", "wall", "duration")


def write(context, name, text):
    path = os.path.join(context.tmp, name)
    with open(path, "w") as f:
        f.write(text)
    return path


class Virtual:
    def __init__(self, context):
        self.context, self.s = context, context.settings
        self.target = ["--no-record", "--target", "stack:" + self.s.stack]

    def once(self, *argv, may_fail=False):
        child = self.context.pool.run([self.s.drillpress, "run", *self.target, *argv])
        if child.status and not (may_fail and child.status == 1):
            raise RuntimeError("exit status %d of: %s" % (child.status, " ".join(argv)))
        return child

    def library(self):
        folders = [os.path.join(self.s.scripts, sub) for sub in ("handshake", "teardown")]
        # A library for tests of the measuring has no such folders.
        return [f for f in folders if os.path.isdir(f)] or [self.s.scripts]

    def times(self, n, *argv, may_fail=False):
        walls = [self.once(*argv, may_fail=may_fail).wall for _ in range(n)]
        return {"wall_ns": walls, "wall_p50_ns": stats.median(walls)}

    def results(self):
        """What the library does, without what differs from run to run by its nature."""
        path = os.path.join(self.context.tmp, "results")
        self.once("--slow", "--report", "json=" + path, self.s.scripts, may_fail=True)
        with open(path) as f:
            rows = [json.loads(line) for line in f]
        for row in rows:
            for key in NO_TIME:
                row.pop(key, None)
        # Of several at a time, lines come as they end.
        return sorted(rows, key=lambda row: row.get("run", -1))

    def long(self):
        keepalive = os.path.join(os.path.dirname(__file__), "../stacks/keepalive.pkt")
        seven = write(self.context, "syn.pkt", "--tolerance_usecs=300000\n" + 7 * CONNECT)
        wait = write(self.context, "time-wait.pkt", TIME_WAIT)
        cases = (("two hours of keep-alive, nine probes", keepalive),
                 ("seven connect() without an answer, 127 s", seven),
                 ("TIME-WAIT of 2 MSL, 120 s", wait))
        return [{"case": name, **self.times(self.s.runs, path)} for name, path in cases]

    def rates(self):
        one = write(self.context, "one.pkt", ONE)
        many = write(self.context, "many.pkt", IN_ONE * ANOTHER)
        n = 10 * self.s.runs
        apart = self.once("-j1", "--repeat", str(n), one)
        together = [self.once("-j1", many) for _ in range(max(1, self.s.runs // 6))]
        found = {"script_each": n * 10**9 // apart.wall, "script_each_cpu": n * 10**9 // apart.cpu,
                 "one_script": IN_ONE * 10**9 // stats.median([c.wall for c in together])}
        if self.s.stack_rate:
            out = os.path.join(self.context.tmp, "rate")
            child = self.context.pool.run([self.s.stack_rate, self.s.stack, str(BY_ITSELF)], out=out)
            with open(out) as f:
                said = f.read()
            if child.status:
                raise RuntimeError("stack_rate: " + said)
            found["no_script"] = BY_ITSELF * 10**9 // int(said)
        return found

    def same(self):
        n, first = self.s.same, self.results()
        differ = sum(self.results() != first for _ in range(1, n // 2))
        with procs.Hogs(self.context.pool):
            differ += sum(self.results() != first for _ in range(n - max(1, n // 2)))
        return {"runs": n, "lines": len(first), "differ": differ}


def run(context):
    if not context.settings.stack:
        return {"skipped": "there is no lwIP module; BENCH_STACK names one"}
    v = Virtual(context)
    found = {"library": v.times(max(1, context.settings.runs // 6), *v.library(), may_fail=True),
             "long": v.long(), "rates": v.rates(), "same": v.same()}
    return found
