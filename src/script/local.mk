libdrill_a_SOURCES += \
	%D%/about.c %D%/about.h \
	%D%/ast.c %D%/ast.h %D%/ast_print.c \
	%D%/check.c %D%/check.h %D%/check_conns.c %D%/check_conns.h \
	%D%/duration.c %D%/duration.h \
	%D%/meta.c %D%/meta.h \
	%D%/option_table.c %D%/option_table.h \
	%D%/parse.h \
	%D%/settings.c %D%/settings.h %D%/settings_defaults.c
