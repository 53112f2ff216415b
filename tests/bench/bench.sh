#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# make bench: what drillpress costs and how exact it is, beside packetdrill when
# there is one. Only figures of one session compare; ratios are theirs/ours.
#
#   PACKETDRILL        packetdrill's binary; without it its columns are left out.
#                      It wants root: each of its runs gets a namespace of its own
#   PACKETDRILL_SUITE  the folder of its scripts that has tcp/ in it; without it
#                      the suite is our own scripts
#   BENCH_PARTS        some of: cost suite flips lateness virtual (all)
#   BENCH_ROUNDS       rounds of flips and lateness (5)
#   BENCH_RUNS         runs of each command in cost (30)
#   BENCH_FILTER       only scripts of either corpus whose path has this in it
#   BENCH_VARIANTS     of packetdrill's scripts: ipv4 ipv4-mapped-ipv6 ipv6 (all)
#   BENCH_PEER_JOBS    packetdrills at a time in the parallel suite (8)
#   BENCH_LEVELS       scripts at a time in lateness (1 3 8 32)
#   BENCH_PACKETS      injected packets a script in lateness (200)
#   BENCH_SCRIPTS      our own scripts (scripts/)
#   BENCH_SAME         runs of all scripts in virtual, which must not differ (100)
#   BENCH_STACK        lwIP's module for virtual (the one that was built)
#   BENCH_JSON         file for all raw figures
#
# What each part measures is said at the top of its module, what the JSON holds
# at the top of output.py. Exit status: 0, 77 if no script can run here, or that
# of what went wrong. Interrupted, it leaves nothing behind.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 1
export DRILLPRESS=${DRILLPRESS:-./drillpress}
export BENCH_SCRIPTS=${BENCH_SCRIPTS:-$here/../../scripts}

skip() {
	echo "SKIP: $1"
	exit 77
}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2> /dev/null ||
	skip 'Python 3.8 or newer is needed'
said=$("$DRILLPRESS" run --no-record - 2>&1 <<< '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3')
case $? in
0) ;;
3) skip "no script can run here: $said" ;;
*)
	echo "bench: $DRILLPRESS does not work: $said" >&2
	exit 1
	;;
esac
# Compiled modules would be left in the sources.
exec python3 -B "$here/main.py"
