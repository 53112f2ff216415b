/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of a stack behind packetdrill's interface: its own, if it has one. */
#ifndef DP_TARGET_PD_CLOCK_H
#define DP_TARGET_PD_CLOCK_H

#include "seam/clock.h"

#include <stdbool.h>

struct pd_interface;

struct pd_clock {
	struct clock clock;
	const struct pd_interface *ifc;
	nstime offset;		/* of the stack's gettimeofday() to this clock */
};

/*
 * Makes the clock from the stack's gettimeofday() and usleep(); in place of one
 * that is missing the machine's serves. ifc must outlive it. False if the
 * stack's gettimeofday() fails.
 */
bool pd_clock_init(struct pd_clock *c, const struct pd_interface *ifc);
/* A time that the stack gave, as gettimeofday() would, on this clock. */
nstime pd_clock_from_usecs(const struct pd_clock *c, long long usecs);

#endif
