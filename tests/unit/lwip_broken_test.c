/* SPDX-License-Identifier: BSD-2-Clause */
/* Each break of tests/stacks/broken.c does what its name says, and only there. */
#include "config.h"

#include "stack_calls.h"
#include "stack_cases.h"

static struct peer it;

static struct peer *start(const char *module, const char *option)
{
	CHECK(peer_start(&it, module, option, 1) == NULL);
	return &it;
}

static void wrong_ack(const char *module)
{
	struct peer *p = start(module, "break=wrong-ack");
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, ACK | PSH, "x");
	peer_wait(p, p->now + SECOND);
	CHECK_EQUAL(EXPECT(p, ACK).ack, p->seq + 1);
}

static void no_fin(const char *module)
{
	struct peer *p = start(module, "break=no-fin");
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT(p, ACK);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_1);
}

static void ignores_rst(const char *module)
{
	struct peer *p = start(module, "break=ignores-rst");
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, RST | ACK, NULL);
	EXPECT_STATE(p, DP_TCP_ESTABLISHED);
}

static void same_isn(const char *module)
{
	struct peer *p = start(module, "break=same-isn");
	int listener = peer_bound(p, SOCK_STREAM);
	uint32_t first;

	CHECK_EQUAL(p->ops->listen(p->stack, listener, 5), 0);
	peer_send(p, SYN, NULL);
	first = EXPECT(p, SYN | ACK).seq;
	p->peer_port++;
	peer_send(p, SYN, NULL);
	CHECK_EQUAL(EXPECT(p, SYN | ACK).seq, first);
}

static void deadline_stuck(const char *module)
{
	struct peer *p = start(module, "break=deadline-stuck");
	int64_t first;
	int fd;

	peer_accepted(p, &fd);
	first = p->ops->deadline(p->stack);
	CHECK(first > p->now && first < DP_NEVER);
	p->now = first;
	p->ops->run(p->stack);
	CHECK_EQUAL(p->ops->deadline(p->stack), first);
}

static void crash(const char *module)
{
	struct peer *p = start(module, "break=crash-on-urg");
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, ACK | URG, "x");
}

static void late_output(const char *module)
{
	struct peer *p = start(module, "break=output-after-destroy");

	p->ops->destroy(p->stack);
	CHECK(peer_packet(p) != NULL);
}

static void unknown(const char *module)
{
	const char *why = peer_start(&it, module, "break=everything", 1);

	CHECK(why && strstr(why, "broken.c"));
}

int main(void)
{
	struct stack_case cases[] = {
		{ "wrong-ack", wrong_ack, 0, NULL }, { "no-fin", no_fin, 0, NULL },
		{ "ignores-rst", ignores_rst, 0, NULL }, { "same-isn", same_isn, 0, NULL },
		{ "deadline-stuck", deadline_stuck, 0, NULL },
		{ "crash-on-urg", crash, SIGSEGV, NULL },
		{ "output-after-destroy", late_output, 0, NULL },
		{ "unknown break", unknown, 0, NULL },
	};

	return stack_cases_run("tests/stacks/broken-lwip.so", cases,
			       sizeof(cases) / sizeof(*cases));
}
