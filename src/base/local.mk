libdrill_a_SOURCES += \
	%D%/write_all.c %D%/write_all.h \
	%D%/xmem.c %D%/xmem.h \
	%D%/arena.c %D%/arena.h \
	%D%/buf.c %D%/buf.h \
	%D%/nstime.c %D%/nstime.h \
	%D%/run_delay.c %D%/run_delay.h \
	%D%/source.c %D%/source.h \
	%D%/diag.c %D%/diag.h \
	%D%/names.c %D%/names.h \
	%D%/origin.c %D%/origin.h
