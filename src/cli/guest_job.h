/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest is to do, as a file that the host writes and the guest's first
 * process reads: pairs of a key and a value, each ended by a NUL.
 */
#ifndef DP_CLI_GUEST_JOB_H
#define DP_CLI_GUEST_JOB_H

#include "script/parse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

struct guest_case {
	const char *path;
	const char *version;	/* the IP version it is loaded for, or NULL: its own choice */
	struct guest_case *next;
};

struct guest_job {
	const char *folder;	/* the current one */
	uint64_t seed;
	bool evidence, environment, evidence_of_pass, stay, commands_aloud;	/* of struct case_runner */
	const char *standard_input;	/* the text of the script "-", or NULL */
	char *const *env;	/* as environ; the guest starts with none */
	const struct override_list *overrides;
	struct guest_case *first;
};

/* Appends the job as bytes. */
void guest_job_write(const struct guest_job *j, struct buf *out);
/*
 * Reads it back; everything lives in the arena, overrides and env included. 0,
 * or -1 if these are not the bytes of a job.
 */
int guest_job_read(const char *bytes, size_t len, struct guest_job *j, struct arena *a);

#endif
