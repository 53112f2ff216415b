/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lwIP adapter, broken on purpose: option break=NAME says how. What a
 * tester of stacks must find, or survive.
 */
#include "../../stacks/lwip/adapter.h"

#include <netinet/in.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, URG = 32 };
/* Offsets in a TCP header. */
enum { TCP_ACK_NUMBER = 8, TCP_FLAGS = 13, TCP_CHECKSUM = 16 };

#define MOST_BYTES 0xffff

struct breakage {
	const char *name;
	/* Each may be NULL. What a segment that is sent becomes. */
	void (*sent)(uint8_t *tcp);
	/* False: this one does not arrive. */
	bool (*arrives)(const uint8_t *tcp);
	uint32_t (*random)(const struct dp_host *host);
	bool timers_stuck, sends_when_destroyed;
};

static struct {
	const struct breakage *how;
	const struct dp_host *host;
	struct dp_host between;		/* what lwIP takes for the host */
	int64_t first_deadline;
} this = { .first_deadline = DP_NEVER };

/* The TCP header of a packet without options and extension headers; NULL if it has none. */
static const uint8_t *tcp_of(const uint8_t *packet, size_t len)
{
	size_t ip = len && packet[0] >> 4 == 6 ? 40 : 20;

	if (len < ip + 20)
		return NULL;
	return packet[ip == 40 ? 6 : 9] == IPPROTO_TCP ? packet + ip : NULL;
}

/* Changes a 16-bit word and the checksum with it (RFC 1624). */
static void put16(uint8_t *tcp, int at, uint16_t to)
{
	uint16_t from = (uint16_t)(tcp[at] << 8 | tcp[at + 1]);
	uint32_t sum = (uint16_t)~(tcp[TCP_CHECKSUM] << 8 | tcp[TCP_CHECKSUM + 1]);

	sum += (uint16_t)~from + to;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	tcp[at] = (uint8_t)(to >> 8);
	tcp[at + 1] = (uint8_t)to;
	tcp[TCP_CHECKSUM] = (uint8_t)(sum >> 8);
	tcp[TCP_CHECKSUM + 1] = (uint8_t)sum;
}

static void ack_too_high(uint8_t *tcp)
{
	uint32_t ack = (uint32_t)tcp[8] << 24 | tcp[9] << 16 | tcp[10] << 8 | tcp[11];

	if ((tcp[TCP_FLAGS] & (SYN | RST | ACK)) != ACK)
		return;
	ack++;
	put16(tcp, TCP_ACK_NUMBER, (uint16_t)(ack >> 16));
	put16(tcp, TCP_ACK_NUMBER + 2, (uint16_t)ack);
}

static void without_fin(uint8_t *tcp)
{
	put16(tcp, TCP_FLAGS - 1, (uint16_t)(tcp[TCP_FLAGS - 1] << 8 | (tcp[TCP_FLAGS] & ~FIN)));
}

static bool is_no_reset(const uint8_t *tcp)
{
	return !(tcp[TCP_FLAGS] & RST);
}

static bool crash_if_urgent(const uint8_t *tcp)
{
	/* Neither NULL nor a constant, of which sanitizers and compilers would tell before it is used. */
	volatile uintptr_t nowhere = 8;

	if (tcp[TCP_FLAGS] & URG)
		*(volatile uint8_t *)nowhere = 0;
	return true;
}

static uint32_t always_the_same(const struct dp_host *host)
{
	return 0x01020304;
}

static const struct breakage breakages[] = {
	{ .name = "wrong-ack", .sent = ack_too_high },
	{ .name = "no-fin", .sent = without_fin },
	{ .name = "ignores-rst", .arrives = is_no_reset },
	{ .name = "same-isn", .random = always_the_same },
	{ .name = "deadline-stuck", .timers_stuck = true },
	{ .name = "crash-on-urg", .arrives = crash_if_urgent },
	{ .name = "output-after-destroy", .sends_when_destroyed = true },
};

static void output(const struct dp_host *between, const void *packet, size_t len)
{
	static uint8_t copy[MOST_BYTES];
	const uint8_t *tcp = tcp_of(packet, len);

	if (!this.how->sent || !tcp || len > sizeof(copy)) {
		this.host->output(this.host, packet, len);
		return;
	}
	memcpy(copy, packet, len);
	this.how->sent(copy + (tcp - (const uint8_t *)packet));
	this.host->output(this.host, copy, len);
}

static int64_t now(const struct dp_host *between)
{
	return this.host->now(this.host);
}

static uint32_t random_bits(const struct dp_host *between)
{
	return this.how->random ? this.how->random(this.host) : this.host->random(this.host);
}

static void log_line(const struct dp_host *between, const char *text)
{
	this.host->log(this.host, text);
}

static const struct breakage *chosen(const struct dp_config *config)
{
	size_t i;

	if (!config->options || !config->options[0] || config->options[1] ||
	    strncmp(config->options[0], "break=", 6))
		return NULL;
	for (i = 0; i < sizeof(breakages) / sizeof(*breakages); i++)
		if (!strcmp(config->options[0] + 6, breakages[i].name))
			return &breakages[i];
	return NULL;
}

static struct dp_stack *create(const struct dp_host *host, const struct dp_config *config,
			       const char **why)
{
	struct dp_config plain = *config;

	this.how = chosen(config);
	this.host = host;
	this.between = (struct dp_host){
		.size = sizeof(this.between), .output = output, .now = now,
		.random = random_bits, .log = log_line,
	};
	if (!this.how) {
		*why = "this module has one option, break=NAME, with a name from tests/stacks/broken.c";
		return NULL;
	}
	plain.options = NULL;
	return adapter_ops()->create(&this.between, &plain, why);
}

static void destroy(struct dp_stack *s)
{
	static const uint8_t packet[20] = { 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 255 };

	adapter_ops()->destroy(s);
	if (this.how->sends_when_destroyed)
		this.host->output(this.host, packet, sizeof(packet));
}

static void input(struct dp_stack *s, const void *packet, size_t len)
{
	const uint8_t *tcp = tcp_of(packet, len);

	if (tcp && this.how->arrives && !this.how->arrives(tcp))
		return;
	adapter_ops()->input(s, packet, len);
}

static int64_t deadline(struct dp_stack *s)
{
	if (!this.how->timers_stuck)
		return adapter_ops()->deadline(s);
	if (this.first_deadline == DP_NEVER)
		this.first_deadline = adapter_ops()->deadline(s);
	return this.first_deadline;
}

static void run(struct dp_stack *s)
{
	if (!this.how->timers_stuck)
		adapter_ops()->run(s);
}

__attribute__((visibility("default")))
const struct dp_stack_ops *dp_stack_adapter(uint32_t abi)
{
	static struct dp_stack_ops ops;

	ops = *adapter_ops();
	ops.name = "broken-lwip";
	ops.create = create;
	ops.destroy = destroy;
	ops.input = input;
	ops.deadline = deadline;
	ops.run = run;
	return abi == DP_STACK_ABI ? &ops : NULL;
}
