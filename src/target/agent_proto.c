/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_proto.h"
#include "wire/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[16] = "drillpress agent";

/* Numbers of calls and structs depend on it, as the compiler knows it. */
#if defined(__x86_64__) && defined(__ILP32__)
#define MACHINE "x32"
#elif defined(__x86_64__)
#define MACHINE "x86_64"
#elif defined(__i386__)
#define MACHINE "i386"
#elif defined(__aarch64__)
#define MACHINE "aarch64"
#elif defined(__arm__)
#define MACHINE "arm"
#elif defined(__riscv)
#define MACHINE "riscv"
#elif defined(__powerpc__)
#define MACHINE "powerpc"
#elif defined(__s390__)
#define MACHINE "s390"
#elif defined(__mips__)
#define MACHINE "mips"
#elif defined(__loongarch__)
#define MACHINE "loongarch"
#else
#define MACHINE "other"
#endif

int agent_hello_new(struct agent_hello *h)
{
	*h = (struct agent_hello){
		.version = AGENT_VERSION, .word_bytes = sizeof(void *),
		.order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 1 : 2, .machine = MACHINE,
	};
	return getrandom(h->nonce, sizeof(h->nonce), 0) == sizeof(h->nonce) ? 0 : -1;
}

void agent_hello_put(const struct agent_hello *h, uint8_t body[AGENT_HELLO_SIZE])
{
	memcpy(body, magic, 16);
	put_be16(body + 16, h->version);
	body[18] = h->word_bytes;
	body[19] = h->order;
	memcpy(body + 20, h->machine, AGENT_MACHINE);
	memcpy(body + 20 + AGENT_MACHINE, h->nonce, AGENT_NONCE);
}

/* What a stranger calls its machine may end up on a terminal. */
static bool is_word(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(s);
}

const char *agent_hello_get(const uint8_t *body, size_t len, struct agent_hello *h)
{
	if (len < 18 || memcmp(body, magic, 16))
		return "that is no greeting of drillpress";
	*h = (struct agent_hello){ .version = get_be16(body + 16) };
	if (h->version != AGENT_VERSION)	/* then the rest may be anything */
		return NULL;
	if (len != AGENT_HELLO_SIZE)
		return "the greeting is incomplete";
	h->word_bytes = body[18];
	h->order = body[19];
	memcpy(h->machine, body + 20, AGENT_MACHINE);
	memcpy(h->nonce, body + 20 + AGENT_MACHINE, AGENT_NONCE);
	return is_word(h->machine) ? NULL : "the greeting names no machine";
}

static const char *order_name(uint8_t order)
{
	return order == 1 ? "little-endian" : order == 2 ? "big-endian" : "of unknown byte order";
}

const char *agent_hello_differs(const struct agent_hello *mine, const struct agent_hello *other,
				char why[AGENT_WHY])
{
	if (mine->version != other->version)
		snprintf(why, AGENT_WHY, "versions differ: here the protocol's version %u is spoken, "
			 "there %u", mine->version, other->version);
	else if (mine->word_bytes != other->word_bytes || mine->order != other->order ||
		 strcmp(mine->machine, other->machine))
		snprintf(why, AGENT_WHY, "machines differ: this side was built for %s (%u bits, %s), "
			 "the other for %s (%u bits, %s)", mine->machine, mine->word_bytes * 8,
			 order_name(mine->order), other->machine, other->word_bytes * 8,
			 order_name(other->order));
	else
		return NULL;
	return why;
}

/* NULL, or what is wrong with the file. */
static const char *check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return "it belongs to somebody else";
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return "others have access to it: chmod 600";
	if (st.st_size > AGENT_SECRET_MAX)
		return "it is too long: at most 1024 bytes";
	return NULL;
}

int agent_secret_read(const char *path, struct agent_secret *s, char why[AGENT_WHY])
{
	/* Not to wait for the other end of a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *wrong = fd < 0 ? strerror(errno) : check_file(fd);
	ssize_t n;

	s->len = 0;
	if (!wrong) {
		n = read(fd, s->bytes, sizeof(s->bytes));
		s->len = n > 0 ? (size_t)n : 0;
		if (s->len && s->bytes[s->len - 1] == '\n')
			s->len--;
		if (s->len < AGENT_SECRET_MIN)
			wrong = "it is too short: at least 16 bytes, better 32 random ones";
	}
	if (fd >= 0)
		close(fd);
	if (!wrong)
		return 0;
	snprintf(why, AGENT_WHY, "cannot use the secret in %.100s: %s", path, wrong);
	return -1;
}

static void derive(const struct agent_secret *s, const char *what, const uint8_t *tester,
		   const uint8_t *agent, uint8_t out[HMAC_SHA256_SIZE])
{
	/* The NUL ends the label: no label is the beginning of another. */
	const struct hmac_part part[] = {
		{ what, strlen(what) + 1 }, { tester, AGENT_HELLO_SIZE }, { agent, AGENT_HELLO_SIZE },
	};

	hmac_sha256(s->bytes, s->len, part, sizeof(part) / sizeof(part[0]), out);
}

void agent_keys_make(const struct agent_secret *s, const uint8_t tester[AGENT_HELLO_SIZE],
		     const uint8_t agent[AGENT_HELLO_SIZE], struct agent_keys *k)
{
	derive(s, "the tester has the secret", tester, agent, k->proof[AGENT_TESTER]);
	derive(s, "the agent has the secret", tester, agent, k->proof[AGENT_AGENT]);
	derive(s, "key of the tester's frames", tester, agent, k->seal[AGENT_TESTER]);
	derive(s, "key of the agent's frames", tester, agent, k->seal[AGENT_AGENT]);
}
