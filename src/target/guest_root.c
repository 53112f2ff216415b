/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/guest_root.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* A folder that every system has, to put the layers in; seen by nobody after the chroot. */
#define LAYERS "/mnt"
#define ROOT LAYERS "/root"

static const struct {
	const char *type, *at, *options;
	const char *why;		/* NULL: it goes without */
} mount_table[] = {
	{ "proc", ROOT "/proc", NULL, "mount /proc" },
	{ "sysfs", ROOT "/sys", NULL, "mount /sys" },
	{ "devtmpfs", ROOT "/dev", NULL, "mount /dev" },
	{ "devpts", ROOT "/dev/pts", "newinstance,ptmxmode=0666", NULL },
};

static int make_layers(const char **why)
{
	static const char *const folders[] = { LAYERS "/upper", LAYERS "/work", LAYERS "/upper-shm",
					       LAYERS "/work-shm", LAYERS "/shm", ROOT };
	size_t i;

	*why = "mount a tmpfs";
	if (mount("tmpfs", LAYERS, "tmpfs", 0, NULL) < 0)
		return -1;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (mkdir(folders[i], 0755) < 0)
			return -1;
	*why = "lay an overlay over the host's files";
	return mount("overlay", ROOT, "overlay", 0,
		     "lowerdir=/,upperdir=" LAYERS "/upper,workdir=" LAYERS "/work");
}

/* What the host has in /dev/shm, its scripts, say, is there in the guest's /dev, too. */
static void mount_shared_memory(void)
{
	const char *from = LAYERS "/shm", *at = ROOT "/dev/shm";

	mkdir(at, 01777);
	/* The kernel has put its own /dev over the host's. */
	umount2("/dev", MNT_DETACH);
	if (mount("overlay", from, "overlay", 0, "lowerdir=/dev/shm,upperdir=" LAYERS
		  "/upper-shm,workdir=" LAYERS "/work-shm") < 0 ||
	    mount(from, at, NULL, MS_MOVE, NULL) < 0)
		mount("tmpfs", at, "tmpfs", 0, NULL);
}

int guest_root_make(const char **why)
{
	size_t i;

	if (make_layers(why) < 0)
		return -1;
	for (i = 0; i < sizeof(mount_table) / sizeof(mount_table[0]); i++) {
		mkdir(mount_table[i].at, 0755);
		*why = mount_table[i].why;
		if (mount(mount_table[i].type, mount_table[i].at, mount_table[i].type, 0,
			  mount_table[i].options) < 0 && *why != NULL)
			return -1;
	}
	mount_shared_memory();
	*why = "enter the new root";
	return chroot(ROOT) < 0 || chdir("/") < 0 ? -1 : 0;
}

/* The text of a small file, or "". */
static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* One that a kernel refuses is like one it does not know. */
	(void)!write(fd, text, strlen(text));
	close(fd);
}

void guest_settings(void)
{
	char all[1024];

	read_text("/proc/sys/net/ipv4/tcp_available_congestion_control", all, sizeof(all));
	write_text("/proc/sys/net/ipv4/tcp_allowed_congestion_control", all);
	write_text("/proc/sys/net/core/fb_tunnels_only_for_init_net", "1");
}

int guest_line_open(void)
{
	int fd = open(GUEST_LINE, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct termios raw;

	if (fd < 0 || tcgetattr(fd, &raw) < 0)
		return -1;
	cfmakeraw(&raw);
	return tcsetattr(fd, TCSANOW, &raw) < 0 ? -1 : fd;
}

int guest_seed(uint64_t seed)
{
	/* struct rand_pool_info of random(4), with its bytes. */
	struct {
		int entropy_count, buf_size;
		uint64_t bytes[4];
	} pool = { .entropy_count = 8 * sizeof(pool.bytes), .buf_size = sizeof(pool.bytes),
		   .bytes = { seed, ~seed, seed * 3, seed ^ 0x5851f42d4c957f2d } };
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = ioctl(fd, RNDADDENTROPY, &pool) < 0 || ioctl(fd, RNDRESEEDCRNG) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

void guest_power_off(void)
{
	for (;;)
		reboot(RB_POWER_OFF);
}

unsigned long guest_taint(void)
{
	char text[32];

	read_text("/proc/sys/kernel/tainted", text, sizeof(text));
	return strtoul(text, NULL, 10);
}

/* A record is "6,339,5140900,-;text" and lines of details that begin with a blank. */
char *guest_kernel_log(int *log_fd)
{
	struct buf all = { 0 };
	char record[8192], *text;
	ssize_t n;

	if (*log_fd < 0) {
		*log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (*log_fd >= 0)
			lseek(*log_fd, 0, SEEK_END);
		return NULL;
	}
	while ((n = read(*log_fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text)
			buf_add(&all, text + 1, strcspn(text + 1, "\n") + 1);
	}
	return all.s;
}
