/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets between script space (relative numbers) and the wire. */
#ifndef DP_ENGINE_REMAP_H
#define DP_ENGINE_REMAP_H

#include "engine/flow.h"

/*
 * The packet to inject for a script packet: addresses, ports, sequence
 * numbers, SACK edges, TS ecr and an ICMP quotation made live, checksums
 * and MD5 digests filled in. NULL with *why set if a timestamp cannot be
 * inferred.
 */
struct pkt *remap_to_wire(const struct flow *f, const struct pkt_spec *spec, const struct pkt *script,
			  const struct settings *s, struct arena *a, const char **why);
/*
 * A captured packet in script space. spec and expected are the line it is
 * taken for, or NULL (then numbers are relative to the initial ones); with
 * them, a timestamp is learnt.
 */
struct pkt *remap_to_script(struct flow *f, const struct pkt *live, const struct pkt_spec *spec,
			    const struct pkt *expected, struct arena *a);

#endif
