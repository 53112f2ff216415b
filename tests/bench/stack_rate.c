/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many connections a second a stack in a shared object does by itself,
 * without a script: stack_rate MODULE CONNECTIONS. Each is opened by the peer,
 * brings 100 bytes that are read, and is reset. Prints the nanoseconds it took.
 */
#include "config.h"

#include "../unit/stack_calls.h"

#include <time.h>

static struct peer it;

static long long cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (long long)t.tv_sec * SECOND + t.tv_nsec;
}

static void one(struct peer *p, int listener)
{
	static const char data[] = "0123456789012345678901234567890123456789012345678901234567890"
				   "12345678901234567890123456789012345678";
	char got[200];
	struct segment s;
	int fd;

	p->n_kept = p->n_read = 0;
	p->peer_port = (uint16_t)(p->peer_port < 60000 ? p->peer_port + 1 : 40000);
	peer_send(p, SYN, NULL);
	CHECK(peer_next(p, &s) && s.flags == (SYN | ACK));
	peer_send(p, ACK, NULL);
	fd = p->ops->accept(p->stack, listener, NULL, NULL);
	CHECK(fd >= 0);
	peer_send(p, ACK | PSH, data);
	CHECK_EQUAL(peer_read(p, fd, got, sizeof(got)), (ssize_t)strlen(data));
	peer_send(p, RST | ACK, NULL);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
}

int main(int argc, char **argv)
{
	long i, n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	int listener;
	long long began;

	if (n <= 0) {
		fprintf(stderr, "usage: stack_rate MODULE CONNECTIONS\n");
		return 2;
	}
	CHECK(peer_start(&it, argv[1], NULL, 1) == NULL);
	listener = peer_bound(&it, SOCK_STREAM);
	CHECK_EQUAL(it.ops->listen(it.stack, listener, 5), 0);
	began = cpu_ns();
	for (i = 0; i < n; i++)
		one(&it, listener);
	printf("%lld\n", cpu_ns() - began);
	it.ops->destroy(it.stack);
	return 0;
}
