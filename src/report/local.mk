libdrill_a_SOURCES += \
	%D%/differences.c %D%/differences.h \
	%D%/excerpt.c %D%/excerpt.h \
	%D%/failure.c %D%/failure.h \
	%D%/format.c %D%/format.h \
	%D%/ladder.c %D%/ladder.h \
	%D%/ladder_rows.c %D%/ladder_rows.h \
	%D%/observed.c %D%/observed.h \
	%D%/packetdrill.c %D%/packetdrill.h \
	%D%/packetdrill_text.c %D%/packetdrill_text.h \
	%D%/page.c %D%/page.h \
	%D%/run_log.c %D%/run_log.h \
	%D%/states.c %D%/states.h \
	%D%/tally.c %D%/tally.h \
	%D%/text.c %D%/text.h \
	%D%/verbose.c %D%/verbose.h \
	%D%/worddiff.c %D%/worddiff.h
