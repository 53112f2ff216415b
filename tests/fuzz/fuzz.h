/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fuzz target offers: libFuzzer calls it, or onefile.c with the files it is given. */
#ifndef DP_TESTS_FUZZ_H
#define DP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process when something that always holds does not. */
#define must(holds) \
	do { \
		if (!(holds)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
			abort(); \
		} \
	} while (0)

#endif
