libdrill_a_SOURCES += %D%/agenda.h %D%/clock.h %D%/reporter.h %D%/result.h %D%/stall.h %D%/target.h
