/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack in a shared object that was made for packetdrill: the file exports
 * packetdrill_interface_init() and lives in real time, with threads as it likes.
 */
#ifndef DP_TARGET_PDSTACK_H
#define DP_TARGET_PDSTACK_H

struct diag_sink;
struct target;
struct target_config;
struct target_desc;

/*
 * Makes a target of a file that is loaded (dlopen). flags go to its init
 * function; NULL if there are none. NULL after a diagnostic: the file does not
 * export that function, or it left out what is indispensable. The handle and
 * the strings must outlive the target; the stack may be made once per process.
 */
struct target *pdstack_open(void *handle, const char *file, const char *flags,
			    const struct target_config *cfg, struct diag_sink *d);

/* The target of --so_filename (that is `where`) and --so_flags. Loads the file, too. */
extern const struct target_desc pdstack_target;

#endif
