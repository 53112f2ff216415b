/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel told about one socket at one time. */
#ifndef DP_SYS_TCP_SAMPLE_H
#define DP_SYS_TCP_SAMPLE_H

#include "sys/tcp_fields.h"

struct arena;
struct target;
struct tuple;

enum tcp_answer_kind { TCP_ANSWER_INFO, TCP_ANSWER_CC_INFO, TCP_ANSWER_MEMINFO, TCP_ANSWERS };

struct tcp_sample {
	struct tcp_answer {
		const uint8_t *data;
		size_t len;		/* 0: the kernel has no such answer */
	} answer[TCP_ANSWERS];
	const char *cc_name;		/* of the congestion control; NULL if not told */
};

/*
 * Asks for TCP_INFO, TCP_CC_INFO, SO_MEMINFO and TCP_CONGESTION of a live
 * descriptor, whatever their length; the bytes are kept in the arena. 0, or
 * the errno of TCP_INFO, without which there is no sample. See tcp(7).
 */
int tcp_sample_take(struct target *t, int fd, struct arena *a, struct tcp_sample *s);
/* The same of a connection without a descriptor. 0, or -1 if the target tells nothing of it. */
int tcp_sample_take_tuple(struct target *t, const struct tuple *tuple, struct arena *a,
			  struct tcp_sample *s);
/*
 * A field's value; false if it is not in what the kernel told. Answers of
 * congestion controls differ by length alone, so one of BBR is read as one of
 * DCTCP and of Vegas too, as packetdrill does.
 */
bool tcp_sample_read(const struct tcp_sample *s, const struct tcp_field *f, uint64_t *value);

#endif
