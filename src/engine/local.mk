libdrill_a_SOURCES += \
	%D%/seen.c %D%/seen.h \
	%D%/command.c %D%/command.h \
	%D%/event_call.c \
	%D%/event_expect.c \
	%D%/event_inject.c \
	%D%/event_text.c \
	%D%/events.h \
	%D%/flow.c %D%/flow.h \
	%D%/granularity.c %D%/granularity.h \
	%D%/mptcp.c %D%/mptcp.h %D%/mptcp_fill.c %D%/mptcp_fill.h \
	%D%/mptcp_fill_addr.c \
	%D%/oracle.c %D%/oracle.h \
	%D%/remap.c %D%/remap.h \
	%D%/result_codec.c %D%/result_codec.h %D%/result_fields.c \
	%D%/run.c %D%/run.h \
	%D%/subflow.c %D%/subflow.h \
	%D%/timeline.c %D%/timeline.h \
	%D%/workers.c %D%/workers.h
