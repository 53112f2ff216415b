/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a stack behind packetdrill's interface sends: a thread waits for it in
 * netdev_receive(), so that nobody else has to.
 */
#ifndef DP_TARGET_PD_CAPTURE_H
#define DP_TARGET_PD_CAPTURE_H

#include "seam/target.h"

struct pd_capture;
struct pd_clock;
struct pd_interface;

/*
 * Starts to receive; ifc and clock must outlive it. NULL with errno set if
 * there can be no thread.
 */
struct pd_capture *pd_capture_start(const struct pd_interface *ifc, struct pd_clock *clock);
/* As next_packet of target_ops. */
int pd_capture_next(struct pd_capture *c, nstime until, struct arena *a, struct target_packet *p,
		    const char **why);
/* The tester does something now, which the stack may answer. */
void pd_capture_acted(struct pd_capture *c, nstime at);
/* Packets thrown away because nobody had asked for those before. */
unsigned pd_capture_lost(struct pd_capture *c);
/*
 * Receives no more. True if the stack has come back from netdev_receive(); else
 * it may still use what belongs to it, and c stays for as long as the process.
 */
bool pd_capture_stop(struct pd_capture *c);
/* Frees what pd_capture_stop() said true of. */
void pd_capture_free(struct pd_capture *c);

#endif
