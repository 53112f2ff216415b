libdrill_a_SOURCES += \
	%D%/discover.c %D%/discover.h \
	%D%/filter.c %D%/filter.h \
	%D%/leaving.c %D%/leaving.h \
	%D%/needs.c %D%/needs.h \
	%D%/order.c %D%/order.h \
	%D%/pace.c %D%/pace.h \
	%D%/process.c %D%/process.h \
	%D%/record.c %D%/record.h \
	%D%/shard.c %D%/shard.h \
	%D%/suite.c %D%/suite.h
