#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No CI at all: machines.sh HOST... runs a shard on each host over ssh and joins
# the results here. On the hosts drillpress is in PATH and the scripts are in
# the same folder.
set -u
drillpress=${DRILLPRESS:-drillpress}
scripts=${SCRIPTS:-scripts}
results=${RESULTS:-results}

mkdir -p "$results" || exit 3
k=0
for host; do
	k=$((k + 1))
	ssh "$host" drillpress run --no-record --shard="$k/$#" --report json "$scripts" \
		> "$results/$k.json" < /dev/null &
done
wait
exec "$drillpress" merge "$results"/*.json --report junit="$results/junit.xml"
