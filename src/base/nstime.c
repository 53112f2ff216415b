/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/nstime.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool nstime_parse(const char *s, nstime *t)
{
	const nstime max_sec = 1000000000;
	nstime sec = 0, frac = 0, unit = NS_PER_SEC / 10;
	bool digits = false, rounded = false;

	for (; isdigit((unsigned char)*s); s++, digits = true) {
		sec = sec * 10 + (*s - '0');
		if (sec > max_sec)
			return false;
	}
	if (*s == '.') {
		for (s++; isdigit((unsigned char)*s); s++, digits = true) {
			frac += unit * (*s - '0');
			if (!unit && !rounded)
				frac += *s >= '5';
			rounded = !unit;
			unit /= 10;
		}
	}
	*t = sec * NS_PER_SEC + frac;
	return digits && *s == '\0';
}

const char *nstime_text(nstime t, char buf[NSTIME_TEXT])
{
	const char *sign = t < 0 ? "-" : "";
	uint64_t u = t < 0 ? -(uint64_t)t : (uint64_t)t;
	char *end;

	snprintf(buf, NSTIME_TEXT, "%s%" PRIu64 ".%09" PRIu64, sign, u / NS_PER_SEC, u % NS_PER_SEC);
	end = buf + strlen(buf) - 1;
	while (*end == '0')
		*end-- = '\0';
	if (*end == '.')
		*end = '\0';
	return buf;
}

const char *nstime_words(nstime t, char buf[NSTIME_TEXT])
{
	nstime size = t < 0 ? -t : t;

	if (size < NS_PER_MS)
		snprintf(buf, NSTIME_TEXT, "%.3g us", (double)t / NS_PER_US);
	else if (size < NS_PER_SEC)
		snprintf(buf, NSTIME_TEXT, "%.3g ms", (double)t / NS_PER_MS);
	else
		snprintf(buf, NSTIME_TEXT, "%.3f s", (double)t / NS_PER_SEC);
	return buf;
}
