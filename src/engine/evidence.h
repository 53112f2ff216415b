/* SPDX-License-Identifier: BSD-2-Clause */
/* What a failure is kept with, if that was asked for: packets' bytes, and what the stack ran on. */
#ifndef DP_ENGINE_EVIDENCE_H
#define DP_ENGINE_EVIDENCE_H

#include "seam/result.h"

struct run;

/*
 * A packet of the wire, len of wire_len bytes, for `frames` of a result, with
 * its clock time; NULL unless evidence is kept. data must live as long as the run.
 */
const struct wire_frame *evidence_frame(struct run *r, nstime stamp, const uint8_t *data,
					size_t len, size_t wire_len);
/* Copies with times of the script: those given may serve another event. */
const struct wire_frame *evidence_of_script(struct run *r, const struct wire_frame *f);
/*
 * Asks what the stack runs on if a run with this verdict is a failure, or if
 * passes are asked too (VERDICT_NONE is about to be one). To be called as soon
 * as it failed: its cleanup may put things back.
 */
void evidence_environment(struct run *r, enum verdict v);

#endif
