/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/guest_folder.h"

#include "base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A guest that is being killed may make a file yet: how often, each 10 ms, it is removed. */
#define REMOVALS 200

static const char *temporary(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp != NULL && *tmp != '\0' ? tmp : "/tmp";
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Waits until the other end of the pipe is closed, and sees to it that the folder goes. */
static void __attribute__((noreturn)) outlive(const char *path, int life)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	sigset_t all;
	char byte;
	int n;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	/* Nobody waits for the end of what this process inherited. */
	dup2(life, 0);
	syscall(SYS_close_range, 1U, ~0U, 0U);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	for (n = 0; n < REMOVALS && access(path, F_OK) == 0; n++) {
		remove_all(path);
		nanosleep(&nap, NULL);
	}
	_exit(0);
}

/* Between the two, a process that ends at once: nobody has to wait for the last one. */
static int start_remover(struct guest_folder *f)
{
	int fds[2], status;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		pid = fork();
		if (pid == 0)
			outlive(f->path, fds[0]);
		_exit(pid < 0 ? errno : 0);
	}
	close(fds[0]);
	f->life = fds[1];
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno == 0 ? 0 : -1;
}

int guest_folder_make(struct guest_folder *f)
{
	char made[PATH_MAX];
	int err;

	*f = (struct guest_folder){ .life = -1 };
	if (snprintf(made, sizeof(made), "%s/drillpress.XXXXXX", temporary()) >= (int)sizeof(made)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (mkdtemp(made) == NULL)
		return -1;
	if (realpath(made, f->path) != NULL && start_remover(f) == 0)
		return 0;
	err = errno;
	rmdir(made);
	*f->path = '\0';
	errno = err;
	return -1;
}

static int open_folder(const struct guest_folder *f)
{
	return open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int guest_folder_write(const struct guest_folder *f, const char *name, const char *bytes, size_t len)
{
	int folder = open_folder(f), fd, rc, err;

	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	close(folder);
	if (fd < 0)
		return -1;
	rc = write_all(fd, bytes, len);
	err = errno;
	if (close(fd) < 0)
		return -1;
	errno = err;
	return rc;
}

int guest_folder_link(const struct guest_folder *f, const char *name, const char *to)
{
	int folder = open_folder(f), rc = symlinkat(to, folder, name), err = errno;

	close(folder);
	errno = err;
	return rc;
}

void guest_folder_remove(struct guest_folder *f)
{
	if (*f->path == '\0')
		return;
	remove_all(f->path);
	close(f->life);
	*f->path = '\0';
}

static bool has_room(const char *folder, unsigned long long bytes)
{
	struct statvfs st;

	return statvfs(folder, &st) == 0 && (st.f_flag & (ST_NOEXEC | ST_RDONLY)) == 0 &&
		access(folder, W_OK | X_OK) == 0 &&
		(unsigned long long)st.f_bavail * st.f_frsize >= bytes;
}

bool guest_memory_folder(unsigned long long bytes, char path[PATH_MAX])
{
	const char *const places[] = { "/dev/shm", temporary(), "/tmp", "/var/tmp" };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (has_room(places[i], bytes) && realpath(places[i], path) != NULL)
			return true;
	return false;
}
