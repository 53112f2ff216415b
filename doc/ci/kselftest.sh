#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A kernel's own CI: a program for TEST_PROGS of a kselftest folder that has the
# scripts beside it, or the command for a kernel in a virtual machine (vng --
# ./kselftest.sh). KTAP on standard output; the exit status is kselftest's, for
# which 4 means that the test was skipped.
drillpress=${DRILLPRESS:-drillpress}
scripts=${SCRIPTS:-$(dirname "$0")/scripts}

if ! command -v "$drillpress" > /dev/null; then
	echo 'KTAP version 1'
	echo "1..0 # SKIP $drillpress is not installed"
	exit 4
fi
"$drillpress" run --no-record --report ktap ${DOSSIERS:+--dossier "$DOSSIERS"} "$scripts" || exit 1
