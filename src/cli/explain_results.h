/* SPDX-License-Identifier: BSD-2-Clause */
/* What explain does with recorded runs: finds out that it was given such, and draws them. */
#ifndef DP_CLI_EXPLAIN_RESULTS_H
#define DP_CLI_EXPLAIN_RESULTS_H

struct options;

enum explained {
	EXPLAINED_SCRIPT,	/* a script, a folder of scripts, or nothing that is known */
	EXPLAINED_RESULTS,	/* JSON results, a dossier, or a folder of dossiers */
	EXPLAINED_OTHER,	/* a file that is neither */
};

/*
 * Tells by the content what path is; *what gets the words for
 * EXPLAINED_OTHER. Standard input ("-") can be read again afterwards.
 */
enum explained explained_kind(const char *path, const char **what);
/*
 * Draws runs of the results at o->paths[0]; the other paths choose which.
 * Returns the exit code: 0, EXIT_USAGE when there is nothing (or too much) to
 * draw, EXIT_ENVIRONMENT when the results are incomplete. width is the text's.
 */
int explain_results(const struct options *o, int width);

#endif
