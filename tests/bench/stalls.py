# SPDX-License-Identifier: BSD-2-Clause
"""
When nobody could have been on time: a process on each processor, above every
real-time priority that the tools use, sleeps 1 ms again and again. That it woke
later than that, and did not spend the difference ready to run (the kernel's
schedstat), is a stall of the machine beneath. Without the privilege nothing
is recognised.
"""

import bisect
import gc
import os
import struct
import time

import procs

STEP_NS = 1_000_000
# Less than this is an interrupt or a timer's own.
LEAST_NS = 500_000
PRIORITY = 50
WINDOW = struct.Struct("qq")


def waited(fd):
    """ns that this thread was ready and did not run."""
    return int(os.pread(fd, 100, 0).split()[1])


def watch(cpu, out):
    os.sched_setaffinity(0, [cpu])
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    gc.disable()
    schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    ready = waited(schedstat)
    while True:
        due = time.monotonic_ns() + STEP_NS
        time.sleep(STEP_NS / 1e9)
        over = time.monotonic_ns() - due
        before, ready = ready, waited(schedstat)
        if over - (ready - before) > LEAST_NS:
            now = time.time_ns()
            os.write(out, WINDOW.pack(now - over - STEP_NS, now))


class Stalls:
    """Windows (ns since 1970) in which a processor stood still, once left."""

    def __init__(self, context):
        self.context, self.pids, self.windows = context, [], []

    def __enter__(self):
        path = os.path.join(self.context.tmp, "stalls")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        for cpu in sorted(os.sched_getaffinity(0)):
            self.pids.append(self.context.pool.fork(lambda: watch(cpu, self.file)))
        return self

    def __exit__(self, *_):
        gone = [pid for pid in self.pids if os.waitpid(pid, os.WNOHANG)[0]]
        self.recognised = not gone
        procs.end([pid for pid in self.pids if pid not in gone])
        size = os.fstat(self.file).st_size // WINDOW.size * WINDOW.size
        for begin, end in sorted(WINDOW.iter_unpack(os.pread(self.file, size, 0))):
            if self.windows and begin <= self.windows[-1][1]:
                self.windows[-1][1] = max(end, self.windows[-1][1])
            else:
                self.windows.append([begin, end])
        os.close(self.file)

    def within(self, begin, end):
        """True if a stall touches this time."""
        n = bisect.bisect_left(self.windows, [begin]) - 1
        if n >= 0 and self.windows[n][1] >= begin:
            return True
        return n + 1 < len(self.windows) and self.windows[n + 1][0] <= end
