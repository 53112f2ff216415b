/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port of the stack that scripts know by another number: packets are changed
 * on the way in and out, their checksums with them, so that wrong ones stay as
 * wrong as they were (RFC 1624).
 */
#ifndef DP_TARGET_PORT_MAP_H
#define DP_TARGET_PORT_MAP_H

#include <stddef.h>
#include <stdint.h>

struct port_map {
	uint16_t script, device;	/* equal: nothing is changed */
};

/*
 * Changes the stack's port of a TCP, UDP or UDP-Lite packet, or of the one an
 * ICMP error quotes: the destination of what goes in, the source of what comes
 * out. IP fragments and tunnels are left alone.
 */
void port_map_in(const struct port_map *m, uint8_t *ip, size_t len);
void port_map_out(const struct port_map *m, uint8_t *ip, size_t len);

#endif
