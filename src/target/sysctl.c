/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing /proc/sys, and saying plainly why it did not work. */
#include "config.h"

#include "target/sysctl.h"

#include "base/arena.h"
#include "base/diag.h"
#include "script/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT "/proc/sys/"
#define VALUE_MAX 512

static int write_at(int dir, const char *path, const char *value)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return -1;
	n = write(fd, value, strlen(value));
	err = errno;
	close(fd);
	errno = err;
	return n < 0 ? -1 : 0;
}

/*
 * On a device without ARP these are enough. addr_gen_mode and disable_ipv6
 * stay as they are: writing them spins while any other process of the machine
 * configures a device.
 */
void sysctl_quiet_ipv6(const char *device)
{
	static const char *const table[] = {
		"router_solicitations", "accept_ra", "accept_dad", "dad_transmits",
	};
	char path[64];
	size_t i;
	int dir;

	snprintf(path, sizeof(path), ROOT "net/ipv6/conf/%s", device);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		write_at(dir, table[i], "0");
	close(dir);
}

/*
 * The path of a name as sysctl(8) reads it: the separator is whichever of '.'
 * and '/' comes first, the other one stands for itself. False if the result is
 * not below /proc/sys/net.
 */
static bool make_path(const char *name, char *path, size_t size)
{
	size_t first = strcspn(name, "./"), i, len = strlen(ROOT);
	bool dots = name[first] == '.';

	if (strncmp(name, "net", first) != 0 || first != 3 || len + strlen(name) >= size)
		return false;
	memcpy(path, ROOT, len);
	for (i = 0; name[i] != '\0'; i++) {
		path[len + i] = name[i];
		if (dots && name[i] == '.')
			path[len + i] = '/';
		else if (dots && name[i] == '/')
			path[len + i] = '.';
	}
	path[len + i] = '\0';
	return strstr(path, "/..") == NULL;
}

/* True if one component of the path is the device. */
static bool names_device(const char *path, const char *device)
{
	size_t n = strlen(device);
	const char *p = path;

	while ((p = strstr(p, device)) != NULL) {
		if (p[-1] == '/' && (p[n] == '/' || p[n] == '\0'))
			return true;
		p += n;
	}
	return false;
}

/* True for a list of numbers; keys such as tcp_fastopen_key's are none. */
static bool is_numbers(const char *s)
{
	char before = ' ';

	for (; *s != '\0'; before = *s++)
		if (strchr("0123456789 \t", *s) == NULL && (*s != '-' || before != ' '))
			return false;
	return true;
}

/* True unless both are lists of numbers and these differ. */
static bool same_numbers(const char *a, const char *b)
{
	char *end_a, *end_b;
	long long x, y;

	if (!is_numbers(a) || !is_numbers(b))
		return true;
	for (;; a = end_a, b = end_b) {
		x = strtoll(a, &end_a, 0);
		y = strtoll(b, &end_b, 0);
		if (end_a == a || end_b == b)
			return end_a == a && end_b == b;
		if (x != y)
			return false;
	}
}

static int refused(const struct sysctl_setting *s, const char *path, struct diag_sink *d)
{
	int err = errno;

	diag_error(d, s->span, "sysctl %s=%s: %s", s->name, s->value,
		   err == ENOENT && access(path, F_OK) < 0 ?
		   "this kernel has no such sysctl in a network namespace" : strerror(err));
	if (strstr(path, "congestion_control") != NULL && err == EPERM)
		diag_note(d, s->span, "net.ipv4.tcp_allowed_congestion_control of the initial "
			  "network namespace lacks %s; as root, add it there", s->value);
	else if (strstr(path, "congestion_control") != NULL && err == ENOENT)
		diag_note(d, s->span, "the module tcp_%s is not loaded; as root: modprobe tcp_%s",
			  s->value, s->value);
	else if (err == EPERM || err == EACCES)
		diag_note(d, s->span, "it can only be set outside, or only by root");
	return -1;
}

/* The first line of the file; false for what is not there, empty, or can only be written. */
static bool read_value(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* Kernels clamp some values without a word. */
static int read_back(const struct sysctl_setting *s, const char *path, struct diag_sink *d)
{
	char text[VALUE_MAX];

	if (!read_value(path, text, sizeof(text)))
		return 0;
	if (same_numbers(s->value, text))
		return 0;
	return diag_error(d, s->span, "sysctl %s=%s: the kernel made it %s", s->name, s->value,
			  text);
}

static int apply_one(const struct sysctl_setting *s, const char *path, struct diag_sink *d)
{
	if (write_at(AT_FDCWD, path, s->value) < 0)
		return refused(s, path, d);
	return read_back(s, path, d);
}

int sysctl_apply(const struct settings *s, enum sysctl_part part, const char *device,
		 struct diag_sink *d)
{
	const struct sysctl_setting *one;
	char path[PATH_MAX];
	int rc = 0;

	STAILQ_FOREACH(one, &s->sysctls, next) {
		if (!make_path(one->name, path, sizeof(path))) {
			if (part == SYSCTL_BEFORE_DEVICE)
				rc = diag_error(d, one->span, "sysctl %s: only names below net. "
						"belong to the script alone", one->name);
			continue;
		}
		if (names_device(path, device) != (part == SYSCTL_OF_DEVICE))
			continue;
		if (apply_one(one, path, d) < 0)
			rc = -1;
	}
	return rc;
}

struct sysctl_value *sysctl_save(const struct settings *s, struct arena *a)
{
	const struct sysctl_setting *one;
	struct sysctl_value *saved = NULL, *v;
	char path[PATH_MAX], text[VALUE_MAX];

	STAILQ_FOREACH(one, &s->sysctls, next) {
		if (!make_path(one->name, path, sizeof(path)) ||
		    !read_value(path, text, sizeof(text)))
			continue;
		v = arena_new_of(a, struct sysctl_value);
		*v = (struct sysctl_value){ arena_strdup(a, path), arena_strdup(a, text), saved };
		saved = v;
	}
	return saved;
}

void sysctl_restore(const struct sysctl_value *saved)
{
	for (; saved != NULL; saved = saved->next)
		write_at(AT_FDCWD, saved->path, saved->text);
}
