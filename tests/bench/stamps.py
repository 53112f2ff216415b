# SPDX-License-Identifier: BSD-2-Clause
"""
When injected packets reached the stack, seen from outside of both tools in the
same way: the kernel's receive stamp on the stack's device. A script's first
line is a command that waits; meanwhile a packet socket is opened in the
namespace that the command runs in. It is read when all is over.
"""

import os
import socket
import struct

import procs

ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
PACKET_OUTGOING = 4
ROOM = 16 << 20
TCP = struct.Struct("!HHIIBBH")
TIMESPEC = struct.Struct("ll")
ACK = 0x10


def join_network(fd):
    procs.checked(procs.LIBC.setns(fd, procs.CLONE_NEWNET), "setns")


def packet_socket(network):
    """One that sees all devices of another namespace."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        join_network(network)
        try:
            s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        finally:
            join_network(own)
    finally:
        os.close(own)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
    s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    s.setblocking(False)
    return s


def pure_ack_window(packet):
    """The window of an IPv4 packet with nothing but an acknowledgement, or None."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
        return None
    header = (packet[0] & 15) * 4
    if int.from_bytes(packet[2:4], "big") < header + TCP.size:
        return None
    fields = TCP.unpack_from(packet, header)
    return fields[6] if fields[5] == ACK else None


def timespec_ns(ancillary):
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, rest = TIMESPEC.unpack(data)
            return seconds * 1_000_000_000 + rest
    return None


def received(s):
    """{window: ns since 1970} of the pure acknowledgements that came in."""
    found = {}
    while True:
        try:
            packet, ancillary, _, address = s.recvmsg(128, 256)
        except BlockingIOError:
            return found
        window = pure_ack_window(packet)
        if window is not None and address[2] != PACKET_OUTGOING and address[0] != "lo":
            found.setdefault(window, timespec_ns(ancillary))


def process_with(word):
    """The process that has this in its command line; None if there is none."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                if word in f.read():
                    return pid
        except OSError:
            continue
    return None


class Recorder:
    """Opens a socket for each script that says it is there."""

    def __init__(self, folder):
        self.folder = folder
        self.sockets, self.gates = [], []
        os.mkfifo(self.path("ready"))
        # Also for writing, so that it never ends.
        self.ready = os.open(self.path("ready"), os.O_RDWR | os.O_NONBLOCK)
        self.rest = b""

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, n):
        """What script number n must begin with."""
        gate = self.path("go-%d.fifo" % n)
        os.mkfifo(gate)
        return "echo %d > '%s'; read x < '%s'" % (n, self.path("ready"), gate)

    def serve(self):
        """Whoever has said so since the last time."""
        *lines, self.rest = (self.rest + os.read(self.ready, 4096)).split(b"\n")
        for n in map(int, lines):
            gate = self.path("go-%d.fifo" % n)
            pid = process_with(gate.encode())
            if pid:
                self.open(n, pid)
            # Kept open: the other end may come later than what is written.
            self.gates.append(os.open(gate, os.O_RDWR | os.O_NONBLOCK))
            os.write(self.gates[-1], b"\n")

    def open(self, n, pid):
        network = os.open("/proc/%s/ns/net" % pid, os.O_RDONLY)
        try:
            self.sockets.append((n, packet_socket(network)))
        finally:
            os.close(network)

    def seen(self):
        """[(script number, {window: stamp})], one for each time a script was run."""
        return [(n, received(s)) for n, s in self.sockets]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _, s in self.sockets:
            s.close()
        for fd in [*self.gates, self.ready]:
            os.close(fd)
