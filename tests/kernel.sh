# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by tests that need a kernel to run scripts in.

# kernel_or_skip: KERNEL is what follows kernel: on the command line, or the rest is a SKIP.
# shellcheck disable=SC2034 # KERNEL_FILE is for the tests
kernel_or_skip() {
	KERNEL_FILE=${KERNEL_IMAGE:-$builddir/kernel/image}
	KERNEL_ENGINE=$DRILLPRESS
	KERNEL=$KERNEL_FILE
	if [ ! -x "$KERNEL_FILE" ]; then
		skip 'scripts in a kernel' "there is no kernel: drillpress kernel build -o $builddir/kernel/image"
		done_testing
		exit 0
	fi
	# The shadow memory of a sanitizer does not fit into a guest.
	if grep -q __asan_init "$DRILLPRESS"; then
		KERNEL_ENGINE=${GUEST_ENGINE-}
		KERNEL=$KERNEL_FILE,engine=$KERNEL_ENGINE
		if [ ! -x "$KERNEL_ENGINE" ]; then
			skip 'scripts in a kernel' 'a program with sanitizers does not run in a guest; GUEST_ENGINE names one without'
			done_testing
			exit 0
		fi
	fi
}
