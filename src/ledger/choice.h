/* SPDX-License-Identifier: BSD-2-Clause */
/* Requirements as a command line names them. */
#ifndef DP_LEDGER_CHOICE_H
#define DP_LEDGER_CHOICE_H

#include "ledger/catalogue.h"

/*
 * Is it one that these words mean? GROUP ("RFC9293"), GROUP:STRENGTH
 * ("RFC9293:MUST", which has MUST NOT in it; RECOMMENDED is a SHOULD), or an id.
 */
bool choice_has(const char *words, const struct requirement *r);
/* True if they mean any requirement of the catalogue. */
bool choice_is_known(const char *words, const struct catalogue *c);

#endif
