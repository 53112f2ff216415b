/* SPDX-License-Identifier: BSD-2-Clause */
/* The targets of a run, with the names by which its reports tell them apart. */
#ifndef DP_CLI_TARGET_LIST_H
#define DP_CLI_TARGET_LIST_H

struct options;
struct target_desc;

struct tested {
	const struct target_desc *desc;
	const char *where;	/* what follows its name and a colon, or NULL */
	/*
	 * Short, without blanks, of this target only: its name or, if it is in a
	 * file, the file's, without folders and ".so"; the second of a name
	 * ends with "-2".
	 */
	const char *label;
	/* As written, if the label does not tell it from another; else NULL. */
	const char *spelled;
	/*
	 * What the record of runs has for it, without blanks: "" for this machine's
	 * kernel, else the name with its options. Of targets that share one there
	 * the worst verdict is kept.
	 */
	const char *key;
};

struct target_list {
	struct tested *at;
	int n;			/* at least 1 */
};

/* Those of the options, in their arena. 0, or -1 after a message about one that is not known. */
int target_list_find(struct target_list *l, const struct options *o);

#endif
