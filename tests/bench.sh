#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# make bench: what a run costs, beside packetdrill when PACKETDRILL names its
# binary and root is there for it. Ratios are of one session; figures of
# different sessions do not compare.
set -u
drillpress=${DRILLPRESS:-./drillpress}
runs=${BENCH_RUNS:-30}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

printf '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n' > "$dir/null.pkt"
cat > "$dir/handshake.pkt" <<'S'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
S
for n in $(seq 500); do
	sed "s/accept(3/accept(3/; s/^+0 accept.*/&   \/\/ copy $n/" "$dir/handshake.pkt" \
		> "$dir/parse-$n.pkt"
done

# Milliseconds at the median of $runs runs of a command.
median() {
	local i t0 t1
	for ((i = 0; i < runs; i++)); do
		t0=${EPOCHREALTIME/./}
		"$@" > /dev/null 2>&1 || return 1
		t1=${EPOCHREALTIME/./}
		echo $((t1 - t0))
	done | sort -n | awk '{ a[NR] = $1 } END { printf "%.2f\n", a[int((NR + 1) / 2)] / 1000 }'
}

peer() {
	unshare -n sh -c 'ip link set lo up; exec "$@"' - "$PACKETDRILL" "$@"
}

row() {
	printf '%-44s %10s ms' "$1" "$2"
	[ -n "${3:-}" ] && printf '   packetdrill %10s ms   ratio %s' "$3" \
		"$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", b / a }')"
	printf '\n'
}

compare() {
	local title=$1 script=$2 ours theirs=
	ours=$(median "$drillpress" run "$script")
	[ -n "${PACKETDRILL:-}" ] && theirs=$(median peer "$script")
	row "$title" "$ours" "$theirs"
}

compare "null script (one socket call), whole run" "$dir/null.pkt"
compare "handshake, whole run" "$dir/handshake.pkt"
theirs=
[ -n "${PACKETDRILL:-}" ] && theirs=$(runs=5 median "$PACKETDRILL" --dry_run "$dir"/parse-*.pkt)
row "parse and check 500 scripts in one process" \
	"$(runs=5 median "$drillpress" check "$dir"/parse-*.pkt)" "$theirs"
mkdir "$dir/many" && for n in $(seq 64); do cp "$dir/handshake.pkt" "$dir/many/$n.pkt"; done
row "64 handshakes, 8 at a time, each" "$(runs=3 median "$drillpress" run -j 8 "$dir/many" |
	awk '{ printf "%.2f", $1 / 64 }')"
