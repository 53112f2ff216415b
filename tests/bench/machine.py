# SPDX-License-Identifier: BSD-2-Clause
"""On what it was measured."""

import os
import platform
import time

CLOCK_MONOTONIC_COARSE = 6
ALLOWED_CC = "/proc/sys/net/ipv4/tcp_allowed_congestion_control"


def text(path):
    try:
        with open(path) as f:
            return f.read()
    except OSError:
        return ""


def model():
    for line in text("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def steal_ms():
    """Time that the hypervisor gave to others, of all processors together."""
    fields = text("/proc/stat").split("\n", 1)[0].split()
    return int(fields[8]) * 1000 // os.sysconf("SC_CLK_TCK") if len(fields) > 8 else 0


def describe():
    return {
        "cores": os.cpu_count(),
        "model": model(),
        "kernel": platform.release(),
        # The coarse clock goes on with each tick.
        "hz": round(1 / time.clock_getres(CLOCK_MONOTONIC_COARSE)),
        "load": os.getloadavg(),
        "allowed_congestion_control": text(ALLOWED_CC).split(),
        "root": os.geteuid() == 0,
        "began": time.time(),
    }
