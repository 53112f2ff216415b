/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host kernel as a target, and the sandbox it lives in: every case runs in
 * a sandbox of its own and reports back through a pipe. What the machine does
 * not allow is skipped, with the reason.
 */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "script/settings.h"
#include "seam/target.h"
#include "target/clock_real.h"
#include "target/sandbox.h"
#include "target/sched.h"
#include "target/target_table.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

#define TUN_NODE "/dev/net/tun"
#define PEER 40000
#define SOON (50 * NS_PER_MS)

/* One case; what it works with lives in the script process. */
struct run {
	const char *(*body)(struct run *r);	/* NULL, or what went wrong */
	void (*prepare)(struct run *r);		/* changes the settings; may be NULL */
	bool no_target;				/* the body opens it, or needs none */
	enum ip_version version;
	enum wire_choice wire;
	int out;				/* where the verdict goes */
	struct arena *arena;
	struct diag_sink diag;
	struct settings settings;
	struct target_config config;
	struct target *target;
};

struct segment {
	struct target_packet packet;
	unsigned flags, dport;
	uint32_t seq, ack;
	size_t payload;
};

#define STRING(x) #x
#define AT_LINE(line, text) "line " STRING(line) ": " text
#define NEED(x) do { if (!(x)) return AT_LINE(__LINE__, #x); } while (0)

static const char *open_target(struct run *r)
{
	const char *where;

	if (settings_finish(&r->settings, &r->diag) == 0)
		r->target = target_find("host", &where)->open(&r->config, &r->diag);
	if (r->target != NULL)
		return NULL;
	return r->diag.first != NULL ? r->diag.first->msg : "no target and no diagnostic";
}

static void close_target(struct run *r)
{
	if (r->target != NULL)
		r->target->ops->close(r->target);
	r->target = NULL;
}

static int script_main(void *arg)
{
	struct run *r = arg;
	const char *bad = NULL;

	alarm(20);		/* a test that hangs has failed */
	r->arena = arena_new();
	diag_init(&r->diag, r->arena);
	settings_init(&r->settings, r->arena);
	r->settings.ip_version = r->version;
	r->settings.wire = r->wire;
	r->config.settings = &r->settings;
	if (r->version != IP_VERSION_6)
		ip_addr_parse("192.168.0.2", &r->settings.local_ip);
	if (r->prepare != NULL)
		r->prepare(r);
	if (!r->no_target)
		bad = open_target(r);
	if (bad == NULL)
		bad = r->body(r);
	if (bad != NULL)
		dprintf(r->out, "%s", bad);
	close_target(r);
	arena_free(r->arena);
	return bad != NULL;
}

static int script_failed(void *arg, const char *why)
{
	struct run *r = arg;

	dprintf(r->out, "%s", why);
	return SANDBOX_FAILED;
}

/* Runs a case; text gets what went wrong. Returns the status of the sandbox, -1 without one. */
static int run_case(struct run *r, char *text, size_t size)
{
	struct sandbox_config cfg = { .main = script_main, .failed = script_failed, .arg = r,
				      .keep = &r->out, .n_keep = 1 };
	struct arena *a = arena_new();
	struct diag_sink d;
	int fds[2], status = -1;
	ssize_t n, len = 0;
	pid_t pid;

	diag_init(&d, a);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	r->out = fds[1];
	pid = sandbox_fork(&cfg, &d);
	close(fds[1]);
	while (pid > 0 && (n = read(fds[0], text + len, size - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(fds[0]);
	if (pid > 0)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	else
		snprintf(text, size, "%s", d.first->msg);
	arena_free(a);
	return status;
}

static const char *nothing(struct run *r)
{
	return NULL;
}

/*
 * False when sandbox and wire cannot be had here. cmocka before 1.1.6 calls a
 * skipped test "not ok" in TAP, which automake takes for a failure: there the
 * printed line has to do.
 */
static bool machine_can(enum wire_choice wire, enum ip_version version)
{
	struct run r = { .body = nothing, .wire = wire, .version = version };
	const char *output = getenv("CMOCKA_MESSAGE_OUTPUT");
	char why[400];

	if (run_case(&r, why, sizeof(why)) == 0)
		return true;
	print_message("# SKIP: %s\n", why);
	if (output == NULL || strcasecmp(output, "TAP") != 0)
		skip();
	return false;
}

static void check(struct run r)
{
	char why[400];
	int status;

	if (!machine_can(r.wire, r.version))
		return;
	status = run_case(&r, why, sizeof(why));
	if (status != 0)
		fail_msg("status %#x: %s", status, why);
}

static size_t make_segment(struct run *r, uint8_t *b, unsigned flags, uint32_t seq, uint32_t ack,
			   size_t payload)
{
	const struct settings *s = &r->settings;
	bool v6 = r->version == IP_VERSION_6;
	size_t ip = v6 ? 40 : 20, options = flags & SYN ? 4 : 0, len = 20 + options + payload;
	uint8_t *t = b + ip;

	memset(b, 0, ip + len);
	b[0] = v6 ? 0x60 : 0x45;
	b[v6 ? 6 : 9] = IPPROTO_TCP;
	b[v6 ? 7 : 8] = 64;
	put_be16(b + (v6 ? 4 : 2), v6 ? len : ip + len);
	memcpy(b + (v6 ? 8 : 12), s->remote_ip.b, v6 ? 16 : 4);
	memcpy(b + (v6 ? 24 : 16), s->local_ip.b, v6 ? 16 : 4);
	if (!v6)
		put_be16(b + 10, csum_finish(csum_add(0, b, ip)));
	put_be16(t, PEER);
	put_be16(t + 2, s->bind_port);
	put_be32(t + 4, seq);
	put_be32(t + 8, ack);
	t[12] = (20 + options) / 4 << 4;
	t[13] = flags;
	put_be16(t + 14, 65535);
	if (options > 0)
		put_be32(t + 20, 0x02040000 | 1440);	/* mss 1440 */
	put_be16(t + 16, csum_finish(csum_add(csum_pseudo(b, IPPROTO_TCP, len), t, len)));
	return ip + len;
}

static int inject(struct run *r, unsigned flags, uint32_t seq, uint32_t ack, size_t payload,
		  const char **why)
{
	uint8_t b[8192];
	struct target_frame f = { .data = b };
	const char *ignored;

	f.len = make_segment(r, b, flags, seq, ack, payload);
	return r->target->ops->inject(r->target, &f, r->arena, why != NULL ? why : &ignored);
}

static int next_segment(struct run *r, nstime span, struct segment *s)
{
	nstime until = clock_now(r->target->clock) + span;
	const char *why;
	int rc = r->target->ops->next_packet(r->target, until, r->arena, &s->packet, &why);
	const uint8_t *b = s->packet.data, *t;
	size_t ip;

	if (rc <= 0)
		return rc;
	ip = b[0] >> 4 == 6 ? 40 : 20;
	t = b + ip;
	s->dport = get_be16(t + 2);
	s->seq = get_be32(t + 4);
	s->ack = get_be32(t + 8);
	s->flags = t[13];
	s->payload = s->packet.len - ip - (t[12] >> 4) * 4;
	return 1;
}

static enum tcp_state conn(struct run *r, uint16_t peer, struct conn_info *info)
{
	struct tuple t = { .local = r->settings.local_ip, .remote = r->settings.remote_ip,
			   .local_port = r->settings.bind_port, .remote_port = peer };

	return r->target->ops->conn(r->target, &t, info) < 0 ? TCPS_UNKNOWN : info->state;
}

static int call(struct run *r, enum call_id id, intptr_t a, intptr_t b, intptr_t c)
{
	struct target_call one = { .id = id, .arg = { a, b, c } };

	r->target->ops->call(r->target, &one);
	return one.result < 0 ? -one.err : (int)one.result;
}

static int listener(struct run *r)
{
	struct sockaddr_storage ss;
	socklen_t len = ip_addr_to_sockaddr(&r->settings.local_ip, r->settings.bind_port,
					    r->version, &ss);
	int fd = call(r, CALL_socket, ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);

	if (call(r, CALL_bind, fd, (intptr_t)&ss, len) < 0 || call(r, CALL_listen, fd, 8, 0) < 0)
		return -1;
	return fd;
}

/* A handshake with a listener; the stack's next sequence number is in *seq. */
static int establish(struct run *r, int fd, uint32_t *seq)
{
	struct segment s;

	if (inject(r, SYN, 0, 0, 0, NULL) < 0 || next_segment(r, SOON, &s) != 1 ||
	    s.flags != (SYN | ACK))
		return -1;
	*seq = s.seq + 1;
	inject(r, ACK, 1, *seq, 0, NULL);
	return call(r, CALL_accept, fd, 0, 0);
}

static const char *opening(struct run *r, int *fd, uint32_t *seq)
{
	struct conn_info info, first;
	struct segment s;
	nstime before;
	int lfd;

	NEED(conn(r, PEER, &info) == TCPS_CLOSED && !info.listener_only);
	NEED((lfd = listener(r)) >= 0);
	NEED(conn(r, PEER, &info) == TCPS_CLOSED && info.listener_only);
	NEED(conn(r, 0, &info) == TCPS_LISTEN && info.cookie != 0);
	before = clock_now(r->target->clock);
	NEED(inject(r, SYN, 0, 0, 0, NULL) == 0);
	NEED(next_segment(r, 0, &s) == 1);	/* answered inside the call */
	NEED(s.flags == (SYN | ACK) && s.ack == 1 && s.dport == PEER);
	NEED(s.packet.len == s.packet.wire_len);
	NEED(s.packet.stamp >= before - 10 * NS_PER_US);
	NEED(s.packet.stamp <= clock_now(r->target->clock));
	NEED(conn(r, PEER, &first) == TCPS_SYN_RECV && first.timer == CONN_TIMER_RETRANSMIT);
	NEED(first.timer_left > 500 * NS_PER_MS && first.cookie != 0);
	*seq = s.seq + 1;
	NEED(inject(r, ACK, 1, *seq, 0, NULL) == 0);
	NEED(conn(r, PEER, &info) == TCPS_ESTABLISHED && info.cookie == first.cookie);
	NEED((*fd = call(r, CALL_accept, lfd, 0, 0)) >= 0);
	NEED(r->target->ops->fd_state(r->target, *fd, &info) == 0);
	NEED(info.state == TCPS_ESTABLISHED && info.cookie == first.cookie);
	NEED(r->target->ops->fd_state(r->target, r->out, &info) < 0);
	return NULL;
}

static const char *states(struct run *r)
{
	struct conn_info info;
	struct segment s;
	uint32_t seq = 0;
	int fd = -1;
	const char *bad = opening(r, &fd, &seq);

	if (bad != NULL)
		return bad;
	NEED(call(r, CALL_close, fd, 0, 0) == 0);
	NEED(conn(r, PEER, &info) == TCPS_FIN_WAIT1 && info.timer == CONN_TIMER_RETRANSMIT);
	NEED(next_segment(r, 0, &s) == 1 && s.flags == (FIN | ACK) && s.seq == seq);
	NEED(inject(r, ACK, 1, seq + 1, 0, NULL) == 0);
	NEED(conn(r, PEER, &info) == TCPS_FIN_WAIT2);
	NEED(inject(r, FIN | ACK, 1, seq + 1, 0, NULL) == 0);
	NEED(conn(r, PEER, &info) == TCPS_TIME_WAIT && info.timer == CONN_TIMER_TIMEWAIT);
	NEED(info.timer_left > 50 * NS_PER_SEC);
	NEED(next_segment(r, 0, &s) == 1 && s.flags == ACK && s.ack == 2);
	NEED(next_segment(r, SOON, &s) == 0);
	NEED(r->target->ops->lost(r->target) == 0);
	return NULL;
}

static void test_states_veth(void **state)
{
	check((struct run){ .body = states, .version = IP_VERSION_4 });
	check((struct run){ .body = states, .version = IP_VERSION_MAPPED });
}

static void test_states_veth_ipv6(void **state)
{
	check((struct run){ .body = states, .version = IP_VERSION_6 });
}

static void test_states_tun(void **state)
{
	check((struct run){ .body = states, .version = IP_VERSION_4, .wire = WIRE_TUN });
	check((struct run){ .body = states, .version = IP_VERSION_MAPPED, .wire = WIRE_TUN });
}

static void test_states_tun_ipv6(void **state)
{
	check((struct run){ .body = states, .version = IP_VERSION_6, .wire = WIRE_TUN });
}

static void offload_off(struct run *r)
{
	r->settings.offload = false;
}

/* 10000 bytes leave in one go; *big is the largest segment. */
static const char *send_much(struct run *r, size_t *big, bool offloaded)
{
	static const char bytes[10000];
	struct segment s;
	uint32_t seq;
	size_t sum = 0;
	int fd = establish(r, listener(r), &seq);

	NEED(fd >= 0);
	NEED(call(r, CALL_write, fd, (intptr_t)bytes, sizeof(bytes)) == sizeof(bytes));
	for (*big = 0; next_segment(r, 0, &s) == 1; sum += s.payload) {
		*big = s.payload > *big ? s.payload : *big;
		NEED(s.packet.csum_offloaded == offloaded);
	}
	NEED(sum == sizeof(bytes));
	return NULL;
}

static const char *small_segments(struct run *r)
{
	size_t big = 0;
	const char *bad = send_much(r, &big, false);

	return bad != NULL ? bad : big == 1440 ? NULL : "segments are not of the MSS";
}

static const char *large_segments(struct run *r)
{
	size_t big = 0;
	const char *bad = send_much(r, &big, true);

	return bad != NULL ? bad : big > 1440 ? NULL : "no segment is above the MSS";
}

static void test_offload(void **state)
{
	check((struct run){ .body = large_segments });
	check((struct run){ .body = small_segments, .prepare = offload_off });
}

static void test_offload_tun(void **state)
{
	check((struct run){ .body = large_segments, .wire = WIRE_TUN });
	check((struct run){ .body = small_segments, .prepare = offload_off, .wire = WIRE_TUN });
}

static const char *silence(struct run *r)
{
	struct segment s;

	NEED(next_segment(r, NS_PER_SEC, &s) == 0);
	return NULL;
}

static void test_silence(void **state)
{
	check((struct run){ .body = silence, .version = IP_VERSION_6 });
}

static const char *too_large(struct run *r)
{
	const char *why = "";
	struct segment s;

	NEED(inject(r, ACK, 1, 1, 3000, &why) < 0);
	NEED(strstr(why, "--wire=tun") != NULL);
	NEED(next_segment(r, 0, &s) == 0);
	return NULL;
}

static const char *not_too_large(struct run *r)
{
	struct segment s;
	uint32_t seq;
	char bytes[4000];
	int fd = establish(r, listener(r), &seq);

	NEED(fd >= 0);
	NEED(inject(r, ACK, 1, seq, 3000, NULL) == 0);
	NEED(next_segment(r, SOON, &s) == 1 && s.ack == 3001);
	NEED(call(r, CALL_read, fd, (intptr_t)bytes, sizeof(bytes)) == 3000);
	return NULL;
}

static void need_oversize(struct run *r)
{
	r->config.need_plain_oversize = true;
}

static void test_oversize(void **state)
{
	check((struct run){ .body = too_large });
}

static void test_oversize_tun(void **state)
{
	if (machine_can(WIRE_TUN, IP_VERSION_4))
		check((struct run){ .body = not_too_large, .prepare = need_oversize });
}

/* More than the capture's ring holds, and nobody asks in between. */
static const char *burst(struct run *r)
{
	struct segment s;
	int i, n = 0;

	for (i = 0; i < 1000; i++)
		NEED(inject(r, ACK, i, 1, 0, NULL) == 0);	/* to a closed port: RST */
	while (next_segment(r, 0, &s) == 1) {
		NEED(s.flags == RST && s.seq == 1);
		n++;
	}
	NEED(n == 1000 && r->target->ops->lost(r->target) == 0);
	return NULL;
}

static void test_burst(void **state)
{
	check((struct run){ .body = burst });
}

static void add_sysctl(struct run *r, const char *name, const char *value)
{
	struct sysctl_setting *s = arena_new_of(r->arena, struct sysctl_setting);

	s->name = name;
	s->value = value;
	s->span.line = 7;
	STAILQ_INSERT_TAIL(&r->settings.sysctls, s, next);
}

static bool sysctl_is(const char *path, const char *value)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	return n > 0 && strncmp(text, value, strlen(value)) == 0;
}

static const char *good_sysctls(struct run *r)
{
	add_sysctl(r, "net.ipv4.tcp_timestamps", "0");
	add_sysctl(r, "net.ipv4.tcp_rmem", "4096 100000 200000");
	add_sysctl(r, "net.ipv4.conf.tun0.rp_filter", "2");
	NEED(open_target(r) == NULL);
	NEED(sysctl_is("/proc/sys/net/ipv4/tcp_timestamps", "0\n"));
	NEED(sysctl_is("/proc/sys/net/ipv4/tcp_rmem", "4096\t100000\t200000\n"));
	NEED(sysctl_is("/proc/sys/net/ipv4/conf/tun0/rp_filter", "2\n"));
	return NULL;
}

static const char *bad_sysctls(struct run *r)
{
	const struct diag *d;

	add_sysctl(r, "net.ipv4.tcp_nonesuch", "1");
	add_sysctl(r, "kernel.panic", "0");
	add_sysctl(r, "net/../kernel/panic", "0");
	add_sysctl(r, "net.ipv4.tcp_sack", "sometimes");
	NEED(open_target(r) != NULL && r->diag.errors == 4);
	for (d = r->diag.first; d != NULL; d = d->next)
		NEED(d->span.line == 7);
	NEED(strstr(r->diag.first->msg, "tcp_nonesuch=1") != NULL);
	return NULL;
}

static void test_sysctls(void **state)
{
	check((struct run){ .body = good_sysctls, .no_target = true });
	check((struct run){ .body = bad_sysctls, .no_target = true });
}

/* The second one finds a namespace that is in use, as the machine's own would be. */
static const char *open_twice(struct run *r)
{
	struct target *first = r->target;

	NEED(strstr(open_target(r), "in use") != NULL);
	r->target = first;
	return NULL;
}

static void test_foreign_namespace(void **state)
{
	check((struct run){ .body = open_twice });
}

static const char *leave_connections(struct run *r)
{
	struct conn_info info;
	uint32_t seq;
	int fd = establish(r, listener(r), &seq);

	NEED(fd >= 0 && call(r, CALL_close, fd, 0, 0) == 0);
	NEED(conn(r, PEER, &info) == TCPS_FIN_WAIT1);	/* an orphan, for minutes */
	close_target(r);
	NEED(sysctl_is("/proc/thread-self/net/sockstat6", "TCP6: inuse 0"));
	NEED(open_target(r) != NULL);	/* lo is up */
	return NULL;
}

static void test_close_destroys(void **state)
{
	check((struct run){ .body = leave_connections, .version = IP_VERSION_MAPPED });
}

static const char *calls(struct run *r)
{
	int fds[2] = { -1, -1 };
	char bytes[4];

	NEED(call(r, CALL_close, 12345, 0, 0) == -EBADF);
	NEED(call(r, CALL_pipe, (intptr_t)fds, 0, 0) == 0);
	NEED(call(r, CALL_write, fds[1], (intptr_t)"abc", 3) == 3);
	NEED(call(r, CALL_read, fds[0], (intptr_t)bytes, sizeof(bytes)) == 3);
	NEED(call(r, CALL_write, fds[1], 0, 4) == -EFAULT);
	return NULL;
}

static const char *peer_ports(struct run *r)
{
	uint16_t port, last = 0;
	int i;

	for (i = 0; i < 40000; i++, last = port) {
		port = r->target->ops->peer_port(r->target);
		NEED(port >= 32768 && port <= 60999);
		NEED(port != r->settings.bind_port && port != last);
	}
	return NULL;
}

static void bind_high(struct run *r)
{
	r->settings.bind_port = 33333;
}

static void test_calls(void **state)
{
	check((struct run){ .body = calls });
	check((struct run){ .body = peer_ports, .prepare = bind_high });
}

/* Sandboxes alone. */

static const char *look_around(struct run *r)
{
	sigset_t blocked;
	int status;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	NEED(!sigismember(&blocked, SIGTERM));
	NEED(signal(SIGINT, SIG_DFL) == SIG_DFL);
	NEED(fcntl(r->out, F_GETFD) >= 0);
	NEED(fcntl(r->out - 1, F_GETFD) < 0);	/* the other end of the pipe */
	NEED(getppid() == 1);
	status = system("sleep 1000 & exit 0");	/* an orphan nobody waits for */
	NEED(status == 0);
	dprintf(r->out, "%d", (int)getpid());
	return NULL;
}

static void test_sandbox(void **state)
{
	struct run r = { .body = look_around, .no_target = true };
	char text[400];
	sigset_t term;
	int status;

	if (!machine_can(WIRE_AUTO, IP_VERSION_4))
		return;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	signal(SIGINT, SIG_IGN);
	status = run_case(&r, text, sizeof(text));
	signal(SIGINT, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	if (status != 0)
		fail_msg("status %#x: %s", status, text);
	assert_true(atoi(text) > 1);	/* not the number every other sandbox has */
}

static const char *crash(struct run *r)
{
	abort();
}

static void test_sandbox_crash(void **state)
{
	struct run r = { .body = crash, .no_target = true };
	char text[400];

	if (!machine_can(WIRE_AUTO, IP_VERSION_4))
		return;
	assert_int_equal(run_case(&r, text, sizeof(text)), (128 + SIGABRT) << 8);
}

static int hold_on(void *arg)
{
	const int *fd = arg;

	if (write(*fd, "x", 1) != 1)
		return 1;
	for (;;)
		pause();
}

static void test_ended_sandbox(void **state)
{
	struct sandbox_config cfg = { .main = hold_on };
	struct arena *a = arena_new();
	struct diag_sink d;
	int fds[2], status;
	pid_t pid;
	char c;

	if (machine_can(WIRE_AUTO, IP_VERSION_4)) {
		diag_init(&d, a);
		assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
		cfg.arg = &fds[1];
		cfg.keep = &fds[1];
		cfg.n_keep = 1;
		pid = sandbox_fork(&cfg, &d);
		assert_true(pid > 0);
		assert_int_equal(read(fds[0], &c, 1), 1);
		kill(pid, SIGTERM);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, (128 + SIGTERM) << 8);
		close(fds[0]);
		close(fds[1]);
	}
	arena_free(a);
}

/* A second drillpress, to be killed. */
static pid_t start_parent(int fd)
{
	struct sandbox_config cfg = { .main = hold_on, .arg = &fd, .keep = &fd, .n_keep = 1 };
	struct arena *a;
	struct diag_sink d;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	a = arena_new();
	diag_init(&d, a);
	if (sandbox_fork(&cfg, &d) < 0)
		_exit(1);
	close(fd);
	for (;;)
		pause();
}

/* The pipe ends when the last process of the sandbox has. */
static void test_killed_parent(void **state)
{
	struct pollfd p = { .events = POLLIN };
	int fds[2];
	char c;
	pid_t pid;

	if (!machine_can(WIRE_AUTO, IP_VERSION_4))
		return;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = start_parent(fds[1]);
	close(fds[1]);
	assert_int_equal(read(fds[0], &c, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	p.fd = fds[0];
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_int_equal(read(fds[0], &c, 1), 0);
	close(fds[0]);
}

/* Clocks; these need nothing of the machine. */

static void test_clock(void **state)
{
	struct clock *c = clock_real();
	nstime t = clock_now(c);
	int i;

	for (i = 0; i < 20; i++) {
		t = clock_now(c) + i * 50 * NS_PER_US;
		clock_wait_until(c, t);
		assert_true(clock_now(c) >= t);
	}
	clock_wait_until(c, 0);
	assert_true(clock_timer_step(c) >= NS_PER_MS && clock_timer_step(c) <= 10 * NS_PER_MS);
	host_realtime();
}

/* The wall clock is not set here; the converter is made to believe that it was. */
static void test_wall_clock(void **state)
{
	struct clock *c = clock_real();
	nstime now = clock_now(c), offset = clock_real_wall_offset(), t;
	struct wall_clock w;

	wall_clock_init(&w);
	now = clock_now(c);
	assert_true(wall_clock_convert(&w, now + offset, &t));
	assert_true(t > now - NS_PER_MS && t < now + NS_PER_MS);

	/* stamped after the clock was set back by ten seconds */
	w.offset = offset + 10 * NS_PER_SEC;
	assert_true(wall_clock_convert(&w, now + offset, &t));
	assert_true(t > now - NS_PER_MS && t < now + NS_PER_MS);

	/* stamped before */
	w.offset = offset + 10 * NS_PER_SEC;
	assert_true(wall_clock_convert(&w, now + w.offset, &t));
	assert_int_equal(t, now);

	/* set by 5 ms in the course of a second: it could be either */
	w.offset = offset + 5 * NS_PER_MS;
	w.low = now - NS_PER_SEC;
	assert_false(wall_clock_convert(&w, now - 100 * NS_PER_MS + offset, &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_wall_clock),
		cmocka_unit_test(test_sandbox),
		cmocka_unit_test(test_sandbox_crash),
		cmocka_unit_test(test_ended_sandbox),
		cmocka_unit_test(test_killed_parent),
		cmocka_unit_test(test_states_veth),
		cmocka_unit_test(test_states_veth_ipv6),
		cmocka_unit_test(test_states_tun),
		cmocka_unit_test(test_states_tun_ipv6),
		cmocka_unit_test(test_offload),
		cmocka_unit_test(test_offload_tun),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_oversize),
		cmocka_unit_test(test_oversize_tun),
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_foreign_namespace),
		cmocka_unit_test(test_close_destroys),
		cmocka_unit_test(test_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
