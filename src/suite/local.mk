libdrill_a_SOURCES += \
	%D%/discover.c %D%/discover.h \
	%D%/needs.c %D%/needs.h \
	%D%/suite.c %D%/suite.h
