/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Linux kernel as a program: User-Mode Linux in virtual time. What runs in
 * it is drillpress itself, as the guest's first process.
 */
#ifndef DP_TARGET_UML_H
#define DP_TARGET_UML_H

#include "base/nstime.h"

#include <stdint.h>
#include <sys/types.h>

struct arena;
struct buf;
struct diag_sink;

/* --target kernel:IMAGE[,KEY=VALUE]... */
struct uml_options {
	const char *image;
	const char *engine;	/* the program that runs in the guest: drillpress */
	const char *memory;	/* "512M" */
	unsigned long long bytes;	/* the same */
	const char *append;	/* more for the kernel's command line, or NULL */
	uint64_t seed;		/* of the guest's randomness */
};

/* Text lives in the arena. 0, or -1 after a diagnostic. */
int uml_options_parse(const char *where, struct uml_options *o, struct arena *a,
		      struct diag_sink *d);
/* Memory a guest cannot do with less of. */
#define UML_LEAST_MEMORY (32ULL << 20)
/* As check of struct target_desc: also that there is such an image and it is one. */
int uml_check(const char *where, struct diag_sink *d);

/*
 * What a guest finds in its folder: its job, and the engine it starts with, so
 * that this may have a path that a command line without quotes cannot hold.
 */
#define UML_JOB "job"
#define UML_ENGINE "engine"

struct uml_start {
	const struct uml_options *options;
	const char *folder;	/* of this guest alone, with these two; the caller removes it */
	const char *memory_folder;	/* where its memory is a file: guest_memory_folder() */
	int line;		/* written by the guest: GUEST_LINE */
	int console;		/* written by the kernel and what runs in it */
	unsigned place;		/* of guests at the same time, successive numbers: they take turns in processors */
};

/* What the console begins with where the image could not be started at all: why follows. */
#define UML_NOT_STARTED "cannot start "
/*
 * Starts the guest, in a process group of its own that ends with this process.
 * Its pid, or -1 with errno set. It needs no privilege. What in it depends on
 * the host by chance (addresses, random numbers, the date) is made the same in
 * each run.
 */
pid_t uml_start(const struct uml_start *how);
/*
 * Ends the guest, the processes of its programs included, and reaps it. Its wait
 * status, if it ends by itself within so many ms; 0: it had to be ended.
 */
int uml_end(pid_t guest, int patience);
/* Processor time that the guest and its programs have taken so far. */
nstime uml_cpu_time(pid_t guest);

#endif
