/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/tcp_sample.h"
#include "base/arena.h"
#include "seam/target.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#ifndef TCP_CC_INFO
#define TCP_CC_INFO 26
#endif
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

/* 0, or the errno; then the answer is empty. */
static int ask(struct target *t, int fd, int level, int name, struct arena *a,
	       struct tcp_answer *answer)
{
	uint8_t *data = arena_alloc(a, TCP_FIELD_ROOM + 1);
	socklen_t len = TCP_FIELD_ROOM;
	struct target_call c = { .id = CALL_getsockopt, .arg = { fd, level, name, (intptr_t)data,
								 (intptr_t)&len } };

	t->ops->call(t, &c);
	*answer = (struct tcp_answer){ data, c.result == 0 ? len : 0 };
	return c.result == 0 ? 0 : c.err;
}

int tcp_sample_take(struct target *t, int fd, struct arena *a, struct tcp_sample *s)
{
	struct tcp_answer cc;
	int err = ask(t, fd, IPPROTO_TCP, TCP_INFO, a, &s->answer[TCP_ANSWER_INFO]);

	if (err)
		return err;
	ask(t, fd, IPPROTO_TCP, TCP_CC_INFO, a, &s->answer[TCP_ANSWER_CC_INFO]);
	ask(t, fd, SOL_SOCKET, SO_MEMINFO, a, &s->answer[TCP_ANSWER_MEMINFO]);
	ask(t, fd, IPPROTO_TCP, TCP_CONGESTION, a, &cc);
	s->cc_name = cc.len ? (const char *)cc.data : NULL;
	return 0;
}

int tcp_sample_take_tuple(struct target *t, const struct tuple *tuple, struct arena *a,
			  struct tcp_sample *s)
{
	struct conn_details d;

	if (!t->ops->details || t->ops->details(t, tuple, a, &d))
		return -1;
	s->answer[TCP_ANSWER_INFO] = (struct tcp_answer){ d.info.data, d.info.len };
	s->answer[TCP_ANSWER_CC_INFO] = (struct tcp_answer){ d.cc.data, d.cc.len };
	s->answer[TCP_ANSWER_MEMINFO] = (struct tcp_answer){ d.meminfo.data, d.meminfo.len };
	s->cc_name = d.cc_name;
	return 0;
}

/* Which answer the fields of a source are in, and how long it must be to be of that kind. */
static const struct {
	enum tcp_answer_kind answer;
	size_t len;
} source_table[] = {
	[TCP_FIELD_INFO] = { TCP_ANSWER_INFO, 0 },
	[TCP_FIELD_BBR] = { TCP_ANSWER_CC_INFO, 20 },
	[TCP_FIELD_DCTCP] = { TCP_ANSWER_CC_INFO, 16 },
	[TCP_FIELD_VEGAS] = { TCP_ANSWER_CC_INFO, 16 },
	[TCP_FIELD_MEMINFO] = { TCP_ANSWER_MEMINFO, 0 },
};

bool tcp_sample_read(const struct tcp_sample *s, const struct tcp_field *f, uint64_t *value)
{
	const struct tcp_answer *a = &s->answer[source_table[f->source].answer];

	return a->len && a->len >= source_table[f->source].len &&
		tcp_field_read(f, a->data, a->len, value);
}
