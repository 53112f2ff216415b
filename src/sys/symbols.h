/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of constants: errno, socket levels and options, flags ... */
#ifndef DP_SYS_SYMBOLS_H
#define DP_SYS_SYMBOLS_H

#include "base/names.h"

/* Every symbol, in the order of symbols.txt; the last row has a NULL name. */
extern const struct name_value symbol_table[];
/* "EAGAIN" for 11; "errno 999" (in buf, at least 24 bytes) for an unknown one. */
const char *errno_name(int err, char *buf);

#endif
