/* SPDX-License-Identifier: BSD-2-Clause */
/* Times and durations: signed 64-bit nanoseconds (292 years either way). */
#ifndef DP_BASE_NSTIME_H
#define DP_BASE_NSTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef int64_t nstime;

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_SEC INT64_C(1000000000)
#define NSTIME_NEVER INT64_MAX

static inline nstime nstime_from_timespec(struct timespec ts)
{
	return ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

static inline struct timespec nstime_to_timespec(nstime t)
{
	return (struct timespec){ .tv_sec = t / NS_PER_SEC, .tv_nsec = t % NS_PER_SEC };
}

/*
 * Parses decimal seconds ("1", "0.25", ".5") exactly, digits past the ninth
 * decimal being rounded. Returns false on other text or above 10^9 seconds.
 */
bool nstime_parse(const char *s, nstime *t);

/* Decimal seconds without useless zeros ("0", "0.25"); buf holds NSTIME_TEXT bytes. */
#define NSTIME_TEXT 32
const char *nstime_text(nstime t, char buf[NSTIME_TEXT]);

/* A duration for people: "18.4 ms", "1.25 s", "52 us". */
const char *nstime_words(nstime t, char buf[NSTIME_TEXT]);

#endif
