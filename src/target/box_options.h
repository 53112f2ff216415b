/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a device on the command line: --target=wire:IFACE[,KEY=VALUE]... */
#ifndef DP_TARGET_BOX_OPTIONS_H
#define DP_TARGET_BOX_OPTIONS_H

#include "base/nstime.h"
#include "target/ether.h"
#include "wire/addr.h"

#include <stdbool.h>

struct arena;
struct diag_sink;

/* What runs on the device, which cannot be asked to make a system call. */
enum box_app { BOX_APP_NONE, BOX_APP_ECHO, BOX_APP_DISCARD, BOX_APP_CHARGEN, BOX_APPS };

#define BOX_MAX_OWN 16

struct box_options {
	const char *device;		/* the interface */
	const char *name;		/* what //@ expect-fail calls the device */
	enum box_app app;
	const char *hook;		/* command that makes the device do things, or NULL */
	bool have_peer, have_mac;
	uint8_t peer[ETHER_MAC];	/* where frames are sent to */
	uint8_t mac[ETHER_MAC];		/* where they come from */
	struct ip_addr own[BOX_MAX_OWN];	/* addresses the tester answers for besides the script's */
	int n_own;
	struct ip_addr via[2];		/* IPv4, IPv6: the router to the device; family 0: none */
	uint16_t port;			/* of the device for the script's; 0: the same */
	nstime settle, patience;	/* for a state to show; for the device to be found */
	bool configured;		/* the device is as --sysctl and //@ needs of scripts want it */
	bool commands;			/* commands of scripts may run on this machine */
};

/* "none", "echo" ... */
const char *box_app_name(enum box_app app);
/* Fills o, whose text lives in the arena. 0, or -1 after a diagnostic. */
int box_options_parse(const char *where, struct box_options *o, struct arena *a,
		      struct diag_sink *d);

#endif
