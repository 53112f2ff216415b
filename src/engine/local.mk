libdrill_a_SOURCES += \
	%D%/accept.c \
	%D%/seen.c %D%/seen.h \
	%D%/code_program.c %D%/code_program.h \
	%D%/code_report.c %D%/code_report.h \
	%D%/code_run.c \
	%D%/command.c %D%/command.h \
	%D%/event_assert.c \
	%D%/event_call.c \
	%D%/event_code.c \
	%D%/event_expect.c \
	%D%/event_group.c \
	%D%/event_optional.c \
	%D%/expect.h %D%/expect_try.c \
	%D%/event_inject.c \
	%D%/event_text.c \
	%D%/events.h \
	%D%/evidence.c %D%/evidence.h \
	%D%/fail.c \
	%D%/collect.c %D%/collect.h \
	%D%/flow_ports.c \
	%D%/flow_named.c %D%/flow_named.h \
	%D%/flow.c %D%/flow.h \
	%D%/granularity.c %D%/granularity.h \
	%D%/lacks.c %D%/lacks.h \
	%D%/mptcp.c %D%/mptcp.h %D%/mptcp_fill.c %D%/mptcp_fill.h \
	%D%/mptcp_fill_addr.c \
	%D%/oracle.c %D%/oracle.h \
	%D%/remap.c %D%/remap.h \
	%D%/result_codec.c %D%/result_codec.h %D%/result_fields.c \
	%D%/run.c %D%/run.h \
	%D%/states.c \
	%D%/subflow.c %D%/subflow.h \
	%D%/timeline.c %D%/timeline.h \
	%D%/values.c %D%/values.h \
	%D%/workers.c %D%/workers.h \
	%D%/workers_inline.c %D%/workers_inline.h

# The Python in front of code blocks, as a C string.
src/engine/code_runner_gen.inc: $(srcdir)/src/engine/code_runner.py $(srcdir)/build-aux/gen-string.awk
	$(AM_V_GEN)$(MKDIR_P) src/engine && \
	$(AWK) -f $(srcdir)/build-aux/gen-string.awk $(srcdir)/src/engine/code_runner.py > $@.tmp && \
	mv $@.tmp $@
BUILT_SOURCES += src/engine/code_runner_gen.inc
CLEANFILES += src/engine/code_runner_gen.inc
EXTRA_DIST += src/engine/code_runner.py build-aux/gen-string.awk
