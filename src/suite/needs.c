/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/needs.h"
#include "base/arena.h"
#include "sys/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The text of a small file without its newline, or NULL. */
static const char *file_text(const char *path, struct arena *a)
{
	char text[1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text));
	close(fd);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return n < 0 ? NULL : arena_strndup(a, text, (size_t)n);
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	for (at = text; (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

static const char *need_congestion_control(const struct need *n, struct arena *a)
{
	const char *all = file_text("/proc/sys/net/ipv4/tcp_available_congestion_control", a);

	if (all && has_word(all, n->value))
		return NULL;
	return arena_printf(a, "the kernel does not offer congestion control %s (it has: %s)",
			    n->value, all ? all : "none");
}

static const char *need_kernel(const struct need *n, struct arena *a)
{
	struct utsname u;

	if (uname(&u) == 0 && version_number(u.release) >= version_number(n->value))
		return NULL;
	return arena_printf(a, "needs kernel %s or newer, this is %s", n->value, u.release);
}

static const char *need_sysctl(const struct need *n, struct arena *a)
{
	char *path = arena_printf(a, "/proc/sys/%s", n->value), *p;

	for (p = path + strlen("/proc/sys/"); *p; p++)
		if (*p == '.')
			*p = '/';
	return access(path, F_OK) == 0 ? NULL :
		arena_printf(a, "the kernel has no sysctl %s", n->value);
}

/*
 * An option of TCP's level that is known only where the kernel was built with it. Four zeros
 * are too little for every one of these to do anything, but not too little to be looked at.
 */
static const char *need_option(const struct need *n, struct arena *a)
{
	const int none = 0;
	int64_t option;
	bool unknown;
	int fd;

	if (!names_find(symbol_table, n->value, &option))
		return arena_printf(a, "this version does not know the option %s", n->value);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	if (fd < 0)
		return arena_printf(a, "no socket to try the option %s on: %s", n->value,
				    strerror(errno));
	unknown = setsockopt(fd, IPPROTO_TCP, (int)option, &none, sizeof(none)) < 0 &&
		errno == ENOPROTOOPT;
	close(fd);
	return unknown ? arena_printf(a, "the kernel has no option %s", n->value) : NULL;
}

static const char *need_tun(const struct need *n, struct arena *a)
{
	(void)n;
	return access("/dev/net/tun", R_OK | W_OK) == 0 ? NULL :
		arena_printf(a, "/dev/net/tun cannot be opened");
}

static bool in_path(const char *command, struct arena *a)
{
	char *path = arena_strdup(a, getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *save = NULL, *dir;

	for (dir = strtok_r(path, ":", &save); dir; dir = strtok_r(NULL, ":", &save))
		if (access(arena_printf(a, "%s/%s", dir, command), X_OK) == 0)
			return true;
	return false;
}

static const char *need_command(const struct need *n, struct arena *a)
{
	if (*n->value == '/' ? access(n->value, X_OK) == 0 : in_path(n->value, a))
		return NULL;
	return arena_printf(a, "needs the command %s", n->value);
}

const char *needs_code_command(const struct script *s, struct arena *a)
{
	const char *text = s->settings.code_command, *command;
	const struct event *e;
	bool code = false;

	STAILQ_FOREACH(e, &s->events, next)
		code |= e->kind == EVENT_CODE;
	command = arena_strndup(a, text, strcspn(text, " \t"));
	/* More than plain words is the shell's business, and a relative path that of the script's folder. */
	if (!code || strpbrk(text, "='\"\\$`;&|<>(){}!~*?[]#\n") || in_path(command, a))
		return NULL;
	if (strchr(command, '/') && (*command != '/' || access(command, X_OK) == 0))
		return NULL;
	return arena_printf(a, "the %%{ code }%% of the script needs %s, which is not installed%s",
			    *command ? command : "a --code_command",
			    !strcmp(command, "python3") ? ": apt-get install python3" : "");
}

static const char *need_linux(const struct need *n, struct arena *a)
{
	return arena_printf(a, "needs a Linux kernel (%s)", n->key);
}

/* The sysctls that a script sets are offered to the stack, which says what it makes of them. */
static const char *need_nothing(const struct need *n, struct arena *a)
{
	(void)n;
	(void)a;
	return NULL;
}

/* One row per kind of need: of this machine's kernel, and of another stack. */
static const struct {
	const char *key;
	const char *(*unmet)(const struct need *n, struct arena *a);
	const char *(*foreign_unmet)(const struct need *n, struct arena *a);
} need_table[] = {
	{ "congestion-control", need_congestion_control, need_linux },
	{ "kernel", need_kernel, need_linux },
	{ "sysctl", need_sysctl, need_nothing },
	{ "option", need_option, need_linux },
	{ "tun", need_tun, need_nothing },
	{ "command", need_command, need_command },
	{ NULL, NULL, NULL }
};

const char *needs_unmet(const struct script_info *info, bool foreign, struct arena *a)
{
	const struct need *n;
	const char *why;
	int i;

	STAILQ_FOREACH(n, &info->needs, next) {
		for (i = 0; need_table[i].key; i++)
			if (!strcmp(need_table[i].key, n->key))
				break;
		why = need_table[i].key ? foreign ? need_table[i].foreign_unmet(n, a) :
						    need_table[i].unmet(n, a) :
			arena_printf(a, "this version does not know the need '%s'", n->key);
		if (why)
			return why;
	}
	return NULL;
}
