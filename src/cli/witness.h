/* SPDX-License-Identifier: BSD-2-Clause */
/* Who knows what dossiers ask for. */
#ifndef DP_CLI_WITNESS_H
#define DP_CLI_WITNESS_H

struct clock;
struct dossier_options;
struct selection;
struct suite_list;

/* All of it the caller's; it must outlive the dossiers. */
struct witness {
	const struct suite_list *list;
	struct selection *selection;
	struct clock *clock;
};

/* Sets the questions that dossiers ask, and whom they ask. */
void witness_answers(struct dossier_options *d, struct witness *w);

#endif
