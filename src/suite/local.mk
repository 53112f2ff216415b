libdrill_a_SOURCES += \
	%D%/batch.c \
	%D%/discover.c %D%/discover.h \
	%D%/environments.c %D%/environments.h \
	%D%/eta.c %D%/eta.h \
	%D%/filter.c %D%/filter.h \
	%D%/in_order.c %D%/in_order.h \
	%D%/leaving.c %D%/leaving.h \
	%D%/needs.c %D%/needs.h \
	%D%/order.c %D%/order.h \
	%D%/pace.c %D%/pace.h \
	%D%/process.c %D%/process.h \
	%D%/record.c %D%/record.h \
	%D%/record_entries.h %D%/record_file.c \
	%D%/retry.c \
	%D%/shard.c %D%/shard.h \
	%D%/state_file.c %D%/state_file.h \
	%D%/start.c \
	%D%/suite.c %D%/suite.h %D%/suite_state.h \
	%D%/watch.c
