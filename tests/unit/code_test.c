/* SPDX-License-Identifier: BSD-2-Clause */
/* The program made of code blocks, and the report that comes back from it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "engine/code_program.h"
#include "engine/code_report.h"

#include <string.h>

/* What follows the runner and the constants: samples and blocks as data. */
static void program_of_two_blocks(void **state)
{
	static const uint8_t info[10] = { 1, 0, 2, 0, 0, 7, 0x73, 0 };
	static const uint32_t mem[4] = { 0, 0, 0, 4608 };
	struct code_block one = { .text = "x = \"\\n\"\n\tif } \xc3\xbc: pass\n", .span.line = 7,
				  .sample = { .cc_name = "reno" } };
	struct code_block two = { .text = "", .span.line = 12 };
	struct code_list list = STAILQ_HEAD_INITIALIZER(list);
	struct buf b = { 0 };
	const char *data;

	(void)state;
	one.sample.answer[TCP_ANSWER_INFO] = (struct tcp_answer){ info, 8 };
	two.sample.answer[TCP_ANSWER_MEMINFO] = (struct tcp_answer){ (const uint8_t *)mem, 16 };
	STAILQ_INSERT_TAIL(&list, &one, next);
	STAILQ_INSERT_TAIL(&list, &two, next);
	code_program(&list, "a \"b\".pkt", 5, &b);
	assert_non_null(strstr(buf_str(&b), "\ndef dp_main(script, report_fd, constants, blocks):\n"));
	assert_non_null(strstr(buf_str(&b), "    \"TCPI_SYN_RECEIVED\": 3,\n"));
	assert_non_null(strstr(buf_str(&b), "    \"TCP_CA_Open\": 0,\n"));
	data = strstr(buf_str(&b), "dp_blocks = [");
	assert_non_null(data);
	assert_string_equal(data,
		"dp_blocks = [\n"
		"    (7, {\n"
		"        \"tcpi_state\": 1,\n"
		"        \"tcpi_ca_state\": 0,\n"
		"        \"tcpi_retransmits\": 2,\n"
		"        \"tcpi_probes\": 0,\n"
		"        \"tcpi_backoff\": 0,\n"
		"        \"tcpi_options\": 7,\n"
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		"        \"tcpi_snd_wscale\": 3,\n"
		"        \"tcpi_rcv_wscale\": 7,\n"
#else
		"        \"tcpi_snd_wscale\": 7,\n"
		"        \"tcpi_rcv_wscale\": 3,\n"
#endif
		"        \"tcpi_delivery_rate_app_limited\": 0,\n"
		"        \"tcpi_fastopen_client_fail\": 0,\n"
		"        \"cc_name\": b\"reno\".decode(),\n"
		"    },\n"
		"     b\"x = \\\"\\\\n\\\"\\n\"\n"
		"     b\"\\x09if } \\xc3\\xbc: pass\\n\"),\n"
		"    (12, {\n"
		"        \"SK_MEMINFO_RMEM_ALLOC\": 0,\n"
		"        \"SK_MEMINFO_RCVBUF\": 0,\n"
		"        \"SK_MEMINFO_WMEM_ALLOC\": 0,\n"
		"        \"SK_MEMINFO_SNDBUF\": 4608,\n"
		"    },\n"
		"     b\"\"),\n"
		"]\n"
		"raise SystemExit(dp_main(b\"a \\\"b\\\".pkt\".decode(\"utf-8\", \"replace\"), 5, "
		"dp_constants, dp_blocks))\n");
	buf_free(&b);
}

static void read_report(const char *text, struct arena *a, struct code_report *rep)
{
	code_report_read(text, strlen(text), a, rep);
}

static void report_of_a_failure(void **state)
{
	struct arena *a = arena_new();
	struct code_report rep;

	(void)state;
	read_report("block\t0\nprint\tone\\ntwo\\\\n\nblock\t1\nframe\t12\t<module>\nframe\t9\tf\n"
		    "differs\ta\t== 1\t2\ndiffers\tb\\tc\t< 3\t4\nvalue\ta\t2\nvalue\ts\t'\\\\t'\n"
		    "failed\tAssertionError\ta == 1\n", a, &rep);
	assert_int_equal(rep.end, CODE_FAILED);
	assert_int_equal(rep.block, 1);
	assert_int_equal(rep.line, 12);
	assert_int_equal(rep.inner_line, 9);
	assert_string_equal(rep.function, "f");
	assert_string_equal(rep.type, "AssertionError");
	assert_string_equal(rep.message, "a == 1");
	assert_string_equal(rep.values, "a = 2, s = '\\t'");
	assert_int_equal(rep.printed->block, 0);
	assert_string_equal(rep.printed->text, "one\ntwo\\n");
	assert_null(rep.printed->next);
	assert_string_equal(rep.mismatches->field, "a");
	assert_string_equal(rep.mismatches->want, "== 1");
	assert_string_equal(rep.mismatches->got, "2");
	assert_string_equal(rep.mismatches->next->field, "b\tc");
	assert_null(rep.mismatches->next->next);
	arena_free(a);
}

static void reports_of_other_ends(void **state)
{
	struct arena *a = arena_new();
	struct code_report rep;

	(void)state;
	read_report("", a, &rep);
	assert_int_equal(rep.end, CODE_LOST);
	assert_int_equal(rep.block, -1);
	read_report("block\t0\nblock\t1\n", a, &rep);
	assert_int_equal(rep.end, CODE_LOST);
	assert_int_equal(rep.block, 1);
	read_report("block\t0\nend\n", a, &rep);
	assert_int_equal(rep.end, CODE_ENDED);
	read_report("syntax\t31\tinvalid syntax\n", a, &rep);
	assert_int_equal(rep.end, CODE_SYNTAX);
	assert_int_equal(rep.line, 31);
	assert_string_equal(rep.message, "invalid syntax");
	read_report("block\t0\nexit\t\n", a, &rep);
	assert_int_equal(rep.end, CODE_EXITED);
	assert_string_equal(rep.message, "");
	/* Cut short, or not ours: what can be read counts. */
	read_report("nonsense\t\t\t\t\t\t\nblock\nexit\t3\nfai", a, &rep);
	assert_int_equal(rep.end, CODE_EXITED);
	assert_string_equal(rep.message, "3");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_of_two_blocks),
		cmocka_unit_test(report_of_a_failure),
		cmocka_unit_test(reports_of_other_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
