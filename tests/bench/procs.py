# SPDX-License-Identifier: BSD-2-Clause
"""Processes: started, timed, waited for, and never left behind."""

import ctypes
import fcntl
import mmap
import os
import resource
import select
import signal
import socket
import struct
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
STAMPS = struct.Struct("qq")
ENDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def checked(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), "%s: %s" % (what, os.strerror(ctypes.get_errno())))


def die_with(parent):
    """This process ends with the one that started it, however that ends."""
    checked(LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def new_network():
    """A network namespace with only lo, which is up: what packetdrill's runner makes."""
    checked(LIBC.unshare(CLONE_NEWNET), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", request)[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def cpu_ns(usage):
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


class Child:
    """
    One run. Once it ended: from and to when (began, over; monotonic), how long (wall)
    and what it and all it waited for cost (cpu), in ns.
    """

    def __init__(self, argv, cwd=None, network=False, out=os.devnull, limit=None):
        self.argv, self.cwd, self.network, self.out = argv, cwd, network, out
        self.stamps = mmap.mmap(-1, STAMPS.size)
        self.limit = limit and time.monotonic() + limit
        self.status = self.wall = self.cpu = None
        self.timed_out = False

    def start(self):
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.become(parent)
            finally:
                os._exit(127)

    def become(self, parent):
        """What it costs to get here is not the program's."""
        for number in ENDED:
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)
        die_with(parent)
        null = os.open(os.devnull, os.O_RDONLY)
        out = os.open(self.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for fd, to in ((null, 0), (out, 1), (out, 2)):
            os.dup2(fd, to)
        if self.cwd:
            os.chdir(self.cwd)
        if self.network:
            new_network()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.stamps.write(STAMPS.pack(time.monotonic_ns(), cpu_ns(usage)))
        os.execv(self.argv[0], self.argv)

    def ended(self, status, usage, now):
        began, cost = STAMPS.unpack(self.stamps[:])
        self.status = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        if self.status == 127 or not began:
            raise OSError("cannot run " + " ".join(self.argv))
        self.began, self.over = began, now
        self.wall, self.cpu = now - began, max(0, cpu_ns(usage) - cost)

    def signal(self, number):
        for kill, target in ((os.killpg, self.pid), (os.kill, self.pid)):
            try:
                kill(target, number)
            except ProcessLookupError:
                pass


class Pool:
    """All children of the benchmark; ends those that are left."""

    def __init__(self):
        self.children = {}
        self.wake, waker = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def start(self, argv, **how):
        child = Child(argv, **how)
        child.start()
        self.children[child.pid] = child
        return child

    def reap(self):
        for pid, child in list(self.children.items()):
            got, status, usage = os.wait4(pid, os.WNOHANG)
            if got:
                del self.children[pid]
                child.ended(status, usage, time.monotonic_ns())
            elif child.limit and time.monotonic() > child.limit and not child.timed_out:
                child.timed_out = True
                child.signal(signal.SIGKILL)

    def wait(self, meanwhile=None):
        """
        Sleeps until a child ends, or a second is over. meanwhile: a descriptor,
        and what to call when it is readable.
        """
        ready = select.select([self.wake, meanwhile[0]] if meanwhile else [self.wake], [], [], 1)[0]
        if self.wake in ready:
            os.read(self.wake, 4096)
        self.reap()
        if meanwhile and meanwhile[0] in ready:
            meanwhile[1]()

    def run(self, argv, meanwhile=None, **how):
        """One child, from start to end."""
        return self.run_all([lambda: self.start(argv, **how)], 1, meanwhile)[0]

    def run_all(self, starts, jobs, meanwhile=None):
        """Calls starts, which start a child each; so many run at a time."""
        left, children = list(starts), []
        while left or any(c.status is None for c in children):
            while left and sum(c.status is None for c in children) < jobs:
                children.append(left.pop(0)())
            self.wait(meanwhile)
        return children

    def fork(self, body):
        """A process of ours that runs body() until it is ended."""
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            try:
                for number in ENDED:
                    signal.signal(number, signal.SIG_DFL)
                os.setpgid(0, 0)
                die_with(parent)
                body()
            finally:
                os._exit(1)
        return pid

    def end_all(self):
        for number, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, 10)):
            for child in self.children.values():
                child.signal(number)
            until = time.monotonic() + patience
            while self.children and time.monotonic() < until:
                for pid in list(self.children):
                    if os.waitpid(pid, os.WNOHANG)[0]:
                        del self.children[pid]
                time.sleep(0.01)


def spin():
    while True:
        pass


class Hogs:
    """Busy loops, two for each processor, at the usual priority; ended by their pids."""

    def __init__(self, pool):
        self.pool, self.pids = pool, []

    def __enter__(self):
        for _ in range(2 * os.cpu_count()):
            self.pids.append(self.pool.fork(spin))
        return self

    def __exit__(self, *_):
        end(self.pids)


def end(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    pids.clear()


def end_on_signals():
    """The first signal ends the benchmark through its finally clauses, undisturbed."""
    def stop(number, frame):
        for other in ENDED:
            signal.signal(other, signal.SIG_IGN)
        sys.exit(128 + number)
    for number in ENDED:
        signal.signal(number, stop)
