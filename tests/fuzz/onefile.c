/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzz target on files, and on all files of folders, given as
 * arguments: how `make check` replays the corpora without a fuzzer.
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

static int replay(const char *path, const char *name, size_t size)
{
	FILE *f = fopen(path, "rb");
	/* As large as the file is, so that a read past the end is one of the heap. */
	uint8_t *bytes = malloc(size ? size : 1);
	int err = -1;

	if (!f || !bytes || fread(bytes, 1, size, f) != size) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	} else {
		fprintf(stderr, "%s\n", name);
		err = LLVMFuzzerTestOneInput(bytes, size);
	}
	free(bytes);
	if (f)
		fclose(f);
	return err;
}

int main(int argc, char **argv)
{
	int n = 0, err = 0;
	FTSENT *e;
	FTS *fts;

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
		return 2;
	}
	fts = fts_open(argv + 1, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	if (!fts) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	while ((e = fts_read(fts))) {
		if (e->fts_info == FTS_F) {
			err |= replay(e->fts_path, e->fts_name, (size_t)e->fts_statp->st_size);
			n++;
		} else if (e->fts_info == FTS_NS || e->fts_info == FTS_DNR) {
			fprintf(stderr, "%s: %s\n", e->fts_path, strerror(e->fts_errno));
			err = -1;
		}
	}
	fts_close(fts);
	printf("%d inputs replayed\n", n);
	return err || !n;
}
