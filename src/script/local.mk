libdrill_a_SOURCES += \
	%D%/about.c %D%/about.h \
	%D%/ast.c %D%/ast.h %D%/ast_print.c \
	%D%/check.c %D%/check.h %D%/check_conns.c %D%/check_conns.h \
	%D%/duration.c %D%/duration.h \
	%D%/meta.c %D%/meta.h \
	%D%/option_table.c %D%/option_table.h \
	%D%/parse.h \
	%D%/repeat.c %D%/repeat.h \
	%D%/settings.c %D%/settings.h %D%/settings_defaults.c \
	%D%/value.c %D%/value.h \
	%D%/value_bind.c %D%/value_bind.h \
	%D%/value_eval.c %D%/value_eval.h \
	%D%/value_parse.c \
	%D%/value_reduce.c %D%/value_reduce.h \
	%D%/value_text.c
