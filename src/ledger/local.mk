libdrill_a_SOURCES += \
	%D%/catalogue.c %D%/catalogue.h \
	%D%/choice.c %D%/choice.h \
	%D%/ledger.c %D%/ledger.h \
	%D%/standing.c %D%/standing.h
