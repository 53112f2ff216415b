#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""An echo service (RFC 862) for tests/wire.tap, or a client: echo.py PORT | echo.py connect ADDRESS PORT"""
import socket
import sys
import threading
import time


def echo(conn):
    try:
        while True:
            data = conn.recv(65536)
            if not data:
                break
            conn.sendall(data)
    except OSError:
        pass
    conn.close()


def serve(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", port))
    s.listen(16)
    while True:
        conn, _ = s.accept()
        threading.Thread(target=echo, args=(conn,), daemon=True).start()


if sys.argv[1] == "connect":
    c = socket.create_connection((sys.argv[2], int(sys.argv[3])), timeout=5)
    time.sleep(3)
else:
    serve(int(sys.argv[1]))
