/* SPDX-License-Identifier: BSD-2-Clause */
/* A result event as a JSON object and back, both driven by engine/result_codec.h's table. */
#ifndef DP_REPORT_JSON_FIELDS_H
#define DP_REPORT_JSON_FIELDS_H

#include "engine/result_codec.h"

#include <jansson.h>

/* A byte that is not UTF-8 becomes three. */
#define JSON_MAX_STRING (3 * RESULT_MAX_STRING)

/*
 * Sets the members of obj that the event has: strings, spans and lists only
 * when there are some; all enums, bools and times.
 */
void json_put_result(json_t *obj, const struct result *r);
/*
 * Reads them back; strings go to the arena. Members that are absent are 0,
 * unknown ones are ignored. 0, or -1 with the name of the member at fault in
 * *field when a value is of the wrong type or out of bounds.
 */
int json_get_result(const json_t *obj, struct arena *a, struct result *out, const char **field);

#endif
