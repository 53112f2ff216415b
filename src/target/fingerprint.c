/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/fingerprint.h"

#include "base/buf.h"
#include "target/link.h"
#include "target/netlink.h"
#include "target/sysctl_diff.h"
#include "target/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Files of one line each. */
static const struct {
	const char *label, *path;
} file_table[] = {
	{ "congestion control", "/proc/sys/net/ipv4/tcp_congestion_control" },
	{ "  available", "/proc/sys/net/ipv4/tcp_available_congestion_control" },
	{ "  allowed", "/proc/sys/net/ipv4/tcp_allowed_congestion_control" },
	{ "clock source", "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
};

static void label(struct buf *out, const char *text)
{
	buf_printf(out, "%-20s", text);
}

static void add_kernel(struct buf *out)
{
	struct utsname u;

	label(out, "kernel");
	if (uname(&u))
		buf_printf(out, "unknown: %s\n", strerror(errno));
	else
		buf_printf(out, "%s %s %s %s\n", u.sysname, u.release, u.version, u.machine);
}

static void add_timer(nstime step, struct buf *out)
{
	char text[NSTIME_TEXT];

	label(out, "timer step");
	if (step > 0)
		buf_printf(out, "%s (HZ=%d)\n", nstime_words(step, text),
			   (int)((NS_PER_SEC + step / 2) / step));
	else
		buf_adds(out, "none\n");
}

static void add_file(const char *name, const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[256];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	label(out, name);
	if (n < 0) {
		buf_printf(out, "not told: %s\n", strerror(errno));
	} else {
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		buf_printf(out, "%s\n", text);
	}
	if (fd >= 0)
		close(fd);
}

static void add_device(struct buf *out)
{
	struct nl *nl = nl_open();

	label(out, WIRE_DEVICE);
	if (!nl || nl_link_describe(nl, WIRE_DEVICE, out))
		buf_printf(out, "not told: %s", strerror(errno));
	buf_adds(out, "\n");
	label(out, "  offloads");
	link_offloads(WIRE_DEVICE, out);
	buf_adds(out, "\n");
	nl_close(nl);
}

void fingerprint(nstime timer_step, struct buf *out)
{
	size_t i, before;

	label(out, "tester");
	buf_adds(out, PACKAGE_STRING "\n");
	add_kernel(out);
	add_timer(timer_step, out);
	for (i = 0; i < sizeof(file_table) / sizeof(file_table[0]); i++)
		add_file(file_table[i].label, file_table[i].path, out);
	add_device(out);
	buf_adds(out, "sysctls that differ from a fresh network namespace:\n");
	before = out->len;
	if (sysctl_diff(WIRE_DEVICE, out))
		buf_printf(out, "  not told: %s\n", strerror(errno));
	else if (out->len == before)
		buf_adds(out, "  none\n");
}
