/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/pdstack.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "seam/target.h"
#include "target/pd_call.h"
#include "target/pd_capture.h"
#include "target/pd_clock.h"
#include "target/pd_fds.h"
#include "target/pd_interface.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define PEER_PORT_MIN 32768
#define PEER_PORT_MAX 60999

struct pdstack {
	struct target target;
	struct pd_interface ifc;
	struct pd_clock clock;
	struct pd_capture *capture;	/* NULL: stopped */
	struct pd_fds *fds;
	atomic_int calling;		/* threads that are in a call */
	const char *file, *flags;
	bool untold;			/* the stack does not know TCP_INFO */
	bool freed;
	uint16_t bind_port, connect_port, next_port;
};

static const struct span nowhere;

static struct pdstack *of(struct target *t)
{
	return (struct pdstack *)t;
}

static void pdstack_call(struct target *t, struct target_call *c)
{
	pd_capture_acted(of(t)->capture, clock_now(t->clock));
	atomic_fetch_add(&of(t)->calling, 1);
	pd_call(&of(t)->ifc, c);
	pd_fds_learn(of(t)->fds, c);
	atomic_fetch_sub(&of(t)->calling, 1);
}

static bool pdstack_has_call(struct target *t, enum call_id id)
{
	return pd_has_call(&of(t)->ifc, id);
}

static int pdstack_inject(struct target *t, const struct target_frame *f, struct arena *a,
			  const char **why)
{
	const struct pd_interface *ifc = &of(t)->ifc;

	(void)a;
	*why = "packetdrill's interface to a stack cannot mark a packet with --mss";
	if (f->gso_size != 0)
		return -1;
	pd_capture_acted(of(t)->capture, clock_now(t->clock));
	*why = "the stack's netdev_send() refuses it";
	return ifc->netdev_send(ifc->userdata, f->data, f->len) == 0 ? 0 : -1;
}

static int pdstack_next_packet(struct target *t, nstime until, struct arena *a,
			       struct target_packet *p, const char **why)
{
	return pd_capture_next(of(t)->capture, until, a, p, why);
}

/* A stack that answers with no state that there is does not know the option either. */
static int pdstack_fd_state(struct target *t, int fd, struct conn_info *info)
{
	struct pdstack *s = of(t);
	struct tcp_info ti = { 0 };
	socklen_t len = sizeof(ti);

	*info = (struct conn_info){ 0 };
	if (s->untold || s->ifc.getsockopt == NULL)
		return -1;
	if (s->ifc.getsockopt(s->ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, &ti, &len) != 0 ||
	    len == 0 || ti.tcpi_state == TCPS_UNKNOWN || ti.tcpi_state >= TCPS_COUNT) {
		s->untold = true;
		return -1;
	}
	info->state = (enum tcp_state)ti.tcpi_state;
	info->retransmits = ti.tcpi_retransmits;
	return 0;
}

static int pdstack_conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	int fd = pd_fds_find(of(t)->fds, tuple);

	return fd < 0 ? -1 : pdstack_fd_state(t, fd, info);
}

static const char *pdstack_environment(struct target *t, struct arena *a)
{
	const struct pdstack *s = of(t);

	return arena_printf(a, "stack: %s, by packetdrill's interface\nflags: %s\nclock: %s\n", s->file,
			    s->flags != NULL ? s->flags : "none",
			    s->ifc.gettimeofday != NULL ? "the stack's" : "the machine's");
}

static unsigned pdstack_lost(struct target *t)
{
	return pd_capture_lost(of(t)->capture);
}

static uint16_t pdstack_peer_port(struct target *t)
{
	struct pdstack *s = of(t);
	uint16_t port;

	do {
		port = s->next_port++;
		if (s->next_port > PEER_PORT_MAX)
			s->next_port = PEER_PORT_MIN;
	} while (port == s->bind_port || port == s->connect_port);
	return port;
}

/*
 * The stack ends with its process. It is told, for what it may have outside,
 * unless a thread is still in it that would find its memory gone.
 */
static void pdstack_reset(struct target *t)
{
	struct pdstack *s = of(t);

	if (s->capture == NULL || atomic_load(&s->calling) > 0 || !pd_capture_stop(s->capture))
		return;
	pd_capture_free(s->capture);
	s->capture = NULL;
	if (s->ifc.free != NULL)
		s->ifc.free(s->ifc.userdata);
	s->freed = true;
}

static void pdstack_close(struct target *t)
{
	struct pdstack *s = of(t);

	pdstack_reset(t);
	if (!s->freed)		/* the thread needs it */
		return;
	pd_fds_free(s->fds);
	free(s);
}

static const struct target_ops pdstack_ops = {
	.name = "packetdrill's interface",
	.call = pdstack_call,
	.has_call = pdstack_has_call,
	.inject = pdstack_inject,
	.next_packet = pdstack_next_packet,
	.conn = pdstack_conn,
	.fd_state = pdstack_fd_state,
	.environment = pdstack_environment,
	.lost = pdstack_lost,
	.peer_port = pdstack_peer_port,
	.reset = pdstack_reset,
	.close = pdstack_close,
};

static uint16_t random_port(void)
{
	uint32_t r = 0;

	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) < 0)
		r = 0;
	return PEER_PORT_MIN + r % (PEER_PORT_MAX - PEER_PORT_MIN + 1);
}

/* What init leaves out can only be seen afterwards; it has no result. */
static int check(const struct pdstack *s, struct diag_sink *d)
{
	const struct {
		const char *name;
		bool there;
	} needed[] = {
		{ "socket", s->ifc.socket != NULL },
		{ "netdev_send", s->ifc.netdev_send != NULL },
		{ "netdev_receive", s->ifc.netdev_receive != NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!needed[i].there)
			return diag_error(d, nowhere, "%s: " PD_INIT_SYMBOL "() gave no %s(); it has "
					  "failed, or the stack is not complete", s->file,
					  needed[i].name);
	return 0;
}

static int start(struct pdstack *s, struct diag_sink *d)
{
	if (check(s, d) < 0)
		return -1;
	if (!pd_clock_init(&s->clock, &s->ifc))
		return diag_error(d, nowhere, "%s: the stack's gettimeofday() fails: %s", s->file,
				  strerror(errno));
	s->capture = pd_capture_start(&s->ifc, &s->clock);
	if (s->capture == NULL)
		return diag_error(d, nowhere, "no thread can be made to receive packets: %s",
				  strerror(errno));
	return 0;
}

/* Its interface has no settings, so what a script needs of them it lacks. */
static const char *lacks(const struct target_config *cfg)
{
	const struct sysctl_setting *sysctl = STAILQ_FIRST(&cfg->settings->sysctls);

	if (sysctl == NULL)
		return NULL;
	return arena_printf(cfg->settings->arena, "a stack behind packetdrill's interface has no sysctl "
			    "%s", sysctl->name);
}

/* What //@ expect-fail calls the stack: its file's name, without folder and ending. */
static const char *name_of(const char *file, struct arena *a)
{
	const char *base = strrchr(file, '/');

	base = base != NULL ? base + 1 : file;
	return arena_strndup(a, base, strcspn(base, "."));
}

struct target *pdstack_open(void *handle, const char *file, const char *flags,
			    const struct target_config *cfg, struct diag_sink *d)
{
	pd_init_fn *init = (pd_init_fn *)dlsym(handle, PD_INIT_SYMBOL);
	struct pdstack *s;

	if (init == NULL) {
		diag_error(d, nowhere, "%s does not export " PD_INIT_SYMBOL "()", file);
		return NULL;
	}
	*cfg->lacks = lacks(cfg);
	if (*cfg->lacks != NULL)
		return NULL;
	s = xzalloc(sizeof(*s));
	s->target = (struct target){ .ops = &pdstack_ops, .clock = &s->clock.clock,
				     .name = name_of(file, cfg->settings->arena), .foreign = true };
	s->file = file;
	s->flags = flags;
	s->bind_port = cfg->settings->bind_port;
	s->connect_port = cfg->settings->connect_port;
	s->next_port = random_port();
	s->fds = pd_fds_new();
	init(flags, &s->ifc);
	if (start(s, d) == 0)
		return &s->target;
	pd_fds_free(s->fds);
	free(s);
	return NULL;
}

/* As packetdrill loads it: the stack's own read() and the like come before those of libc. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SANITIZED)
#define LOAD_FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)	/* it refuses RTLD_DEEPBIND */
#else
#define LOAD_FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE | RTLD_DEEPBIND)
#endif

static struct target *load(const struct target_config *cfg, struct diag_sink *d)
{
	void *handle = dlopen(cfg->where, LOAD_FLAGS);

	if (handle == NULL) {
		diag_error(d, nowhere, "cannot load the stack: %s", dlerror());
		return NULL;
	}
	return pdstack_open(handle, cfg->where, cfg->settings->so_flags, cfg, d);
}

const struct target_desc pdstack_target = {
	.name = "", .help = "a stack made for packetdrill, in a shared object", .in_process = true,
	.open = load,
};
