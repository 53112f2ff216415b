# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What the *.tap tests share; sourced, never run. The plan comes last.

tap_n=0
# When not empty, the next line is a known defect: todo='what is wrong'.
todo=

tap_line() {
	tap_n=$((tap_n + 1))
	echo "$1 $tap_n - $2${todo:+ # TODO $todo}"
	todo=
}

ok() {
	tap_line ok "$1"
}

# not_ok NAME [FILE...]: the files are what there is to see, as far as it is readable.
not_ok() {
	tap_line 'not ok' "$1"
	shift
	for tap_file; do
		sed -n '1,20s/^/# /p' "$tap_file"
	done
}

# A reason on its own line would be lost: it belongs to the result.
skip() {
	todo=
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# wait_for SECONDS COMMAND...: polls until the command succeeds.
wait_for() {
	tap_left=$(($1 * 20))
	shift
	until "$@"; do
		tap_left=$((tap_left - 1))
		[ "$tap_left" -gt 0 ] || return 1
		sleep 0.05
	done
}

done_testing() {
	echo "1..$tap_n"
}

# skip_all REASON: nothing of this file can be tested here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# verdict_reason REPORT: what a report of one script says after its verdict, as one line.
verdict_reason() {
	awk 'NR == 1 { if (!sub(/.* -- /, "")) next }
		NR > 1 && !/^      / { exit }
		{ sub(/^ +/, ""); printf "%s%s", sep, $0; sep = " " }' "$1"
}

# need_sandbox FOLDER: skips everything where no script can run; the folder is for its files.
need_sandbox() {
	echo '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3' > "$1/trivial.pkt"
	"$DRILLPRESS" run "$1/trivial.pkt" > "$1/trivial" 2> /dev/null
	[ $? -ne 3 ] || skip_all "$(verdict_reason "$1/trivial")"
}
