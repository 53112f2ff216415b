# Tests: cmocka programs and *.tap scripts, all read by automake's TAP driver.
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	DRILLPRESS='$(abs_top_builddir)/drillpress'; export DRILLPRESS; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir; \
	XDG_STATE_HOME=/dev/null; export XDG_STATE_HOME;
TEST_EXTENSIONS = .tap
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TAP_LOG_DRIVER = $(LOG_DRIVER)

# Unit tests: a file and a line here each.
unit_tests = \
	tests/unit/about_test \
	tests/unit/batch_test \
	tests/unit/agent_calls_test \
	tests/unit/agent_marshal_test \
	tests/unit/addr_test \
	tests/unit/black_box_test \
	tests/unit/code_test \
	tests/unit/command_test \
	tests/unit/compare_test \
	tests/unit/dialects_test \
	tests/unit/environment_test \
	tests/unit/guest_death_test \
	tests/unit/host_target_test \
	tests/unit/icmp_names_test \
	tests/unit/ledger_test \
	tests/unit/lwip_adapter_test \
	tests/unit/lwip_broken_test \
	tests/unit/lwip_conn_test \
	tests/unit/lwip_timers_test \
	tests/unit/opt_layout_test \
	tests/unit/opt_value_test \
	tests/unit/meta_test \
	tests/unit/mptcp_hash_test \
	tests/unit/pdstack_test \
	tests/unit/pkt_build_test \
	tests/unit/pkt_compare_test \
	tests/unit/pkt_decode_test \
	tests/unit/report_failure_test \
	tests/unit/report_data_test \
	tests/unit/report_packetdrill_test \
	tests/unit/report_text_test \
	tests/unit/result_codec_test \
	tests/unit/run_test \
	tests/unit/spec_print_test \
	tests/unit/stack_target_test \
	tests/unit/stall_test \
	tests/unit/suite_test \
	tests/unit/tcp_sample_test \
	tests/unit/tcp_fields_test \
	tests/unit/tcpopt_mptcp_test \
	tests/unit/tcpopt_test \
	tests/unit/tcpstate_test \
	tests/unit/template_test \
	tests/unit/timeline_test \
	tests/unit/value_test
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
AM_DEFAULT_SOURCE_EXT = .c
EXTRA_DIST += tests/stacks/blocking.pkt tests/stacks/connect.pkt tests/stacks/isn.pkt \
	tests/stacks/keepalive.pkt tests/stacks/large-write.pkt tests/stacks/linger.pkt \
	tests/stacks/reset.pkt tests/stacks/server.pkt tests/stacks/syn-retries.pkt \
	tests/stacks/urgent.pkt
EXTRA_DIST += tests/findings/gap-abort.pkt
EXTRA_DIST += tests/unit/report_sheet.h tests/unit/stack_calls.h tests/unit/stack_cases.h \
	tests/unit/stack_peer.h tests/unit/wire_helpers.h tests/unit/wire_packets.h
# What stacks/ is tested by: the interface of stacks, and an adapter broken on purpose.
stack_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/include
tests_unit_lwip_adapter_test_CPPFLAGS = $(stack_test_cppflags)
tests_unit_lwip_broken_test_CPPFLAGS = $(stack_test_cppflags)
tests_unit_lwip_conn_test_CPPFLAGS = $(stack_test_cppflags)
tests_unit_lwip_timers_test_CPPFLAGS = $(stack_test_cppflags)
tests_unit_stack_target_test_CPPFLAGS = $(stack_test_cppflags)
# A stack that does what a test has written down.
check_PROGRAMS += tests/stacks/fake.so
tests_stacks_fake_so_SOURCES = tests/stacks/fake.c tests/stacks/fake.h
tests_stacks_fake_so_CPPFLAGS = $(stack_test_cppflags)
tests_stacks_fake_so_CFLAGS = -std=gnu11 $(DP_CFLAGS) -fPIC
tests_stacks_fake_so_LDFLAGS = -shared
tests_stacks_fake_so_LDADD =
tests/stack.log: tests/stacks/fake.so
if HAVE_LWIP
check_PROGRAMS += tests/stacks/broken-lwip.so tests/bench/stack_rate
bench_stack = stacks/lwip/drillpress-lwip.so tests/bench/stack_rate
endif
tests_bench_stack_rate_CPPFLAGS = $(stack_test_cppflags)
tests_stacks_broken_lwip_so_SOURCES = tests/stacks/broken.c
tests_stacks_broken_lwip_so_CPPFLAGS = $(stack_cppflags)
tests_stacks_broken_lwip_so_CFLAGS = $(stack_cflags)
tests_stacks_broken_lwip_so_LDFLAGS = -shared
tests_stacks_broken_lwip_so_LDADD = stacks/lwip/liblwipadapter.a $(LWIP_LIBS)
LDADD = libgrammar.a libdrill.a $(CMOCKA_LIBS) $(PCAP_LIBS) $(NET_LIBS) $(MNL_LIBS) $(NETTLE_LIBS) \
	$(JANSSON_LIBS)

# End-to-end tests: dropping a file into tests/e2e and naming it here is enough.
tap_tests = \
	tests/agent.tap \
	tests/bench.tap \
	tests/cases.tap \
	tests/chaos.tap \
	tests/ci_docs.tap \
	tests/claims.tap \
	tests/cli.tap \
	tests/code.tap \
	tests/compat.tap \
	tests/docs.tap \
	tests/dossier.tap \
	tests/e2e.tap \
	tests/explain.tap \
	tests/findings.tap \
	tests/fuzz_replay.tap \
	tests/golden.tap \
	tests/house.tap \
	tests/html.tap \
	tests/kernel.tap \
	tests/kernel_build.tap \
	tests/learn.tap \
	tests/ledger.tap \
	tests/matrix.tap \
	tests/minimal.tap \
	tests/mutation.tap \
	tests/pdstack.tap \
	tests/personality.tap \
	tests/reports.tap \
	tests/roundtrip.tap \
	tests/scripts.tap \
	tests/scripts_kernel.tap \
	tests/scripts_lwip.tap \
	tests/stack.tap \
	tests/suite.tap \
	tests/targets.tap \
	tests/wire.tap
TESTS += $(tap_tests)
EXTRA_DIST += $(tap_tests) tests/compat tests/kernel.sh tests/svg.sh tests/tap.sh tests/e2e tests/wire
# What tests/wire.tap runs on devices.
EXTRA_DIST += tests/stacks/echo.py tests/stacks/lwip_tap.c
EXTRA_DIST += tests/html/pages.js tests/html/package.json tests/html/package-lock.json

# The library of scripts: it holds, and what it holds can fail.
check_PROGRAMS += tests/mutate
EXTRA_DIST += scripts tests/claims.txt
# Both keep the machine busy with timed runs: one after the other.
tests/mutation.log: tests/scripts.log

# Time and speed are measured here, never in a test; tests/bench.tap is about the measuring.
bench: drillpress $(bench_stack)
	DRILLPRESS=./drillpress $(srcdir)/tests/bench/bench.sh
.PHONY: bench
EXTRA_DIST += \
	tests/bench/bench.sh \
	tests/bench/corpus.py \
	tests/bench/cost.py \
	tests/bench/flips.py \
	tests/bench/lateness.py \
	tests/bench/machine.py \
	tests/bench/main.py \
	tests/bench/output.py \
	tests/bench/procs.py \
	tests/bench/settings.py \
	tests/bench/stalls.py \
	tests/bench/stamps.py \
	tests/bench/stats.py \
	tests/bench/suite.py \
	tests/bench/virtual.py

# What a tester does with an agent.
check_PROGRAMS += tests/agent_tester
tests/agent.log: tests/agent_tester

# Fuzzers: corpora are replayed everywhere, the real fuzzers need --enable-fuzzers.
replay_ldadd = libgrammar.a libdrill.a $(NETTLE_LIBS) $(JANSSON_LIBS)
check_PROGRAMS += tests/fuzz/replay_script tests/fuzz/replay_packet tests/fuzz/replay_results \
	tests/fuzz/replay_agent
tests_fuzz_replay_script_SOURCES = tests/fuzz/onefile.c tests/fuzz/fuzz_script.c tests/fuzz/fuzz.h
tests_fuzz_replay_script_LDADD = $(replay_ldadd)
tests_fuzz_replay_packet_SOURCES = tests/fuzz/onefile.c tests/fuzz/fuzz_packet.c tests/fuzz/fuzz.h
tests_fuzz_replay_packet_LDADD = $(replay_ldadd)
tests_fuzz_replay_results_SOURCES = tests/fuzz/onefile.c tests/fuzz/fuzz_results.c tests/fuzz/fuzz.h
tests_fuzz_replay_results_LDADD = $(replay_ldadd)
tests_fuzz_replay_agent_SOURCES = tests/fuzz/onefile.c tests/fuzz/fuzz_agent.c tests/fuzz/fuzz.h
tests_fuzz_replay_agent_LDADD = $(replay_ldadd) $(MNL_LIBS)
if FUZZERS
noinst_PROGRAMS = tests/fuzz/fuzz_script tests/fuzz/fuzz_packet tests/fuzz/fuzz_results \
	tests/fuzz/fuzz_agent
tests_fuzz_fuzz_script_SOURCES = tests/fuzz/fuzz_script.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_script_LDADD = $(replay_ldadd)
tests_fuzz_fuzz_script_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_packet_SOURCES = tests/fuzz/fuzz_packet.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_packet_LDADD = $(replay_ldadd)
tests_fuzz_fuzz_packet_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_results_SOURCES = tests/fuzz/fuzz_results.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_results_LDADD = $(replay_ldadd)
tests_fuzz_fuzz_results_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_agent_SOURCES = tests/fuzz/fuzz_agent.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_agent_LDADD = $(replay_ldadd) $(MNL_LIBS)
tests_fuzz_fuzz_agent_LDFLAGS = -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/script.dict tests/fuzz/corpus
tests/fuzz_replay.log: tests/fuzz/replay_script tests/fuzz/replay_packet tests/fuzz/replay_results \
	tests/fuzz/replay_agent

# A stack without an open port, right or wrong, for tests/targets.tap.
check_PROGRAMS += tests/stacks/closed.so
tests_stacks_closed_so_SOURCES = tests/stacks/closed.c
tests_stacks_closed_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_stacks_closed_so_LDFLAGS = -shared
tests_stacks_closed_so_LDADD =
tests/targets.log: tests/stacks/closed.so

# Stacks in shared objects; of packetdrill's interface our own declaration is used.
check_PROGRAMS += tests/stacks/pdstack.so tests/stacks/none.so
tests_stacks_pdstack_so_SOURCES = tests/stacks/pdstack.c
tests_stacks_pdstack_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_stacks_pdstack_so_LDFLAGS = -shared
tests_stacks_pdstack_so_LDADD =
tests_stacks_none_so_SOURCES = tests/stacks/none.c
tests_stacks_none_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_stacks_none_so_LDFLAGS = -shared
tests_stacks_none_so_LDADD =
tests/pdstack.log: tests/stacks/pdstack.so tests/stacks/none.so
tests/minimal.log: stacks/minimal/minimal.so

# Golden files, and rules of the house.
EXTRA_DIST += tests/golden build-aux/golden-update build-aux/learn-update build-aux/check-layers build-aux/check-globals
