/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_server.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "target/agent_channel.h"
#include "target/agent_session.h"
#include "target/agent_where.h"
#include "target/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Strangers and testers at a time; each stranger is gone after AGENT_GREETING_TIME. */
#define MOST_CHILDREN 16
/*
 * How long a newcomer waits, in steps of 10 ms: for one whose end has not been
 * noticed yet, since a script may follow another at once; and for one that leaves.
 */
#define NOTICING_STEPS 30
#define LEAVING_STEPS 300

/* Who has the agent: 0 nobody, else a child, negative once its tester has left. Shared with them. */
struct place {
	_Atomic int pid;
};

struct agent_server {
	struct agent_server_config cfg;
	struct agent_secret secret;
	char where[WHERE_TEXT];
	int listener, signals;
	int lifeline[2];	/* children have the first; they end when the second is closed */
	struct place *place;
	int n_children;
	bool served;
};

/* ---- in a child ---- */

struct child {
	const struct agent_server *server;
	int fd;
};

static void nap(void)
{
	const struct timespec ts = nstime_to_timespec(10 * NS_PER_MS);

	nanosleep(&ts, NULL);
}

static const char *admit(void *arg)
{
	struct place *p = ((struct child *)arg)->server->place;
	int step, nobody;

	for (step = 0; step < LEAVING_STEPS; step++) {
		nobody = 0;
		if (atomic_compare_exchange_strong(&p->pid, &nobody, getpid()))
			return NULL;
		if (nobody > 0 && step >= NOTICING_STEPS)
			break;
		nap();
	}
	return "another tester is connected";
}

static void leaving(void *arg)
{
	atomic_store(&((struct child *)arg)->server->place->pid, -getpid());
}

static int child_main(void *arg)
{
	struct child *child = arg;
	const struct agent_server *s = child->server;
	const struct agent_rules rules = {
		.secret = &s->secret, .allow_sysctl = s->cfg.allow_sysctl,
		.allow_commands = s->cfg.allow_commands, .admit = admit, .leaving = leaving,
		.arg = child,
	};

	/* Not that way: what the tester has is to be ended first. The lifeline tells. */
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	setsid();	/* nor by a terminal's signals */
	return agent_session(child->fd, s->lifeline[0], &rules);
}

/* ---- the agent itself ---- */

static void refuse(int fd, const char *why)
{
	struct agent_channel c;

	channel_init(&c, fd, AGENT_AGENT);
	channel_send_text(&c, AGENT_REFUSED, why);
	channel_free(&c);
}

static void greet(struct agent_server *s)
{
	struct child child = { .server = s };
	struct sandbox_config cfg = { .main = child_main, .arg = &child };
	struct arena *a;
	struct diag_sink d;
	int keep[2];

	child.fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
	if (child.fd < 0) {
		/* Whoever asks is still there: without descriptors to let him in it is no use to hurry. */
		poll(NULL, 0, 100);
		return;
	}
	if (s->n_children >= MOST_CHILDREN) {
		refuse(child.fd, "too many are asking");
		return;
	}
	keep[0] = child.fd;
	keep[1] = s->lifeline[0];
	cfg.keep = keep;
	cfg.n_keep = 2;
	a = arena_new();
	diag_init(&d, a);
	if (plain_fork(&cfg, &d) < 0) {
		refuse(child.fd, "no process can be made for a tester");
	} else {
		s->n_children++;
		close(child.fd);
	}
	arena_free(a);
}

static void reap(struct agent_server *s, int flags)
{
	int pid;

	while (s->n_children && (pid = waitpid(-1, NULL, flags)) > 0) {
		s->n_children--;
		if (abs(atomic_load(&s->place->pid)) != pid)
			continue;
		s->served = true;
		atomic_store(&s->place->pid, 0);
	}
}

/* True if the signals say that it is over. */
static bool read_signals(struct agent_server *s)
{
	struct signalfd_siginfo i;
	bool over = false;

	while (read(s->signals, &i, sizeof(i)) == sizeof(i))
		over |= i.ssi_signo != SIGCHLD;
	reap(s, WNOHANG);
	return over;
}

int agent_server_run(struct agent_server *s)
{
	struct pollfd p[] = { { .fd = s->signals, .events = POLLIN },
			      { .fd = s->listener, .events = POLLIN } };
	int rc = 0;

	while (!(s->cfg.once && s->served)) {
		if (poll(p, 2, -1) < 0 && errno != EINTR) {
			rc = -1;
			break;
		}
		if (p[0].revents && read_signals(s))
			break;
		if (p[1].revents & ~POLLIN) {
			rc = -1;
			break;
		}
		if (p[1].revents)
			greet(s);
	}
	close(s->lifeline[1]);
	s->lifeline[1] = -1;
	reap(s, 0);
	return rc;
}

static int open_listener(struct agent_server *s, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	const int one = 1;
	const char *why;

	why = where_parse(s->cfg.listen, &ss, &len);
	if (why)
		return diag_error(d, nowhere, "cannot listen on '%s': %s", s->cfg.listen, why);
	s->listener = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listener >= 0)
		setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&ss, len) < 0 ||
	    listen(s->listener, MOST_CHILDREN) < 0)
		return diag_error(d, nowhere, "cannot listen on %s: %s", s->cfg.listen,
				  strerror(errno));
	len = sizeof(ss);
	getsockname(s->listener, (struct sockaddr *)&ss, &len);
	where_text(&ss, s->where);
	return 0;
}

static int open_signals(struct agent_server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals;
}

struct agent_server *agent_server_open(const struct agent_server_config *cfg, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct agent_server *s = xzalloc(sizeof(*s));
	char why[AGENT_WHY];
	int rc = 0;

	s->cfg = *cfg;
	s->listener = s->signals = s->lifeline[0] = s->lifeline[1] = -1;
	s->place = mmap(NULL, sizeof(*s->place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (s->place == MAP_FAILED)
		s->place = NULL;
	if (agent_secret_read(cfg->secret, &s->secret, why) < 0)
		rc = diag_error(d, nowhere, "%s", why);
	else if (!s->place || pipe2(s->lifeline, O_CLOEXEC) < 0 || open_signals(s) < 0)
		rc = diag_error(d, nowhere, "cannot start: %s", strerror(errno));
	else
		rc = open_listener(s, d);
	if (rc == 0)
		return s;
	agent_server_close(s);
	return NULL;
}

const char *agent_server_where(const struct agent_server *s)
{
	return s->where;
}

void agent_server_close(struct agent_server *s)
{
	const int fd[] = { s->listener, s->signals, s->lifeline[0], s->lifeline[1] };
	size_t i;

	for (i = 0; i < sizeof(fd) / sizeof(fd[0]); i++)
		if (fd[i] >= 0)
			close(fd[i]);
	if (s->place)
		munmap(s->place, sizeof(*s->place));
	explicit_bzero(&s->secret, sizeof(s->secret));
	free(s);
}
