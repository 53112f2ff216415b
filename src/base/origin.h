/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an expanded text comes from: the files and the definitions its parts were written in. */
#ifndef DP_BASE_ORIGIN_H
#define DP_BASE_ORIGIN_H

#include "base/source.h"

#include <stdbool.h>

/* A definition put in the place of its name: here, by a use of another one if outer is set. */
struct origin_use {
	const char *name;
	const struct source *file;
	uint32_t line, col;
	const struct origin_use *outer;
};

/* What begins at this line and column of the expanded text, up to the next piece, was written there. */
struct origin_piece {
	uint32_t line, col;
	const struct source *file;
	uint32_t file_line, file_col;
	const struct origin_use *use;	/* NULL: as it stands in the file */
};

struct origin_map {
	const struct origin_piece *piece;	/* in the order of the text */
	size_t n;
	const char *const *name;	/* what was defined */
	size_t n_names;
	const char *of_case;		/* the case it was expanded for, or NULL */
};

struct origin {
	const struct source *file;
	uint32_t line, col;
	const struct origin_use *use;
};

/*
 * Where a place of the text was written; of a text that was not expanded the
 * place itself. False for nowhere.
 */
bool origin_find(const struct source *s, struct span at, struct origin *o);
/* "FILE:LINE:COL" of it, in the arena; NULL for nowhere. */
const char *origin_place(const struct source *s, struct span at, struct arena *a);
/* How it came here: "in case C; SEG used at FILE:LINE:COL; ..."; NULL if it stands as written. */
const char *origin_story(const struct source *s, struct span at, struct arena *a);
/* True if the text, or the case it was expanded for, defines this name. */
bool origin_defines(const struct source *s, const char *name);

#endif
