/* SPDX-License-Identifier: BSD-2-Clause */
/* The Python program made of a script's code blocks and what was sampled for them. */
#ifndef DP_ENGINE_CODE_PROGRAM_H
#define DP_ENGINE_CODE_PROGRAM_H

#include "base/source.h"
#include "seam/result.h"
#include "sys/tcp_sample.h"

#include <sys/queue.h>

struct buf;

/* A block whose time has come. */
struct code_block {
	const char *text;
	struct span span;		/* of %{ text }% */
	struct tcp_sample sample;
	struct result event;		/* of the sampling; times on the run's clock */
	STAILQ_ENTRY(code_block) next;
};

STAILQ_HEAD(code_list, code_block);

/*
 * Appends the program: code_runner.py, then constants, samples and blocks as
 * data. It reports to the descriptor report_fd what it does.
 */
void code_program(const struct code_list *blocks, const char *script, int report_fd,
		  struct buf *out);

#endif
