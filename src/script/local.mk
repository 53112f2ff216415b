libdrill_a_SOURCES += \
	%D%/about.c %D%/about.h \
	%D%/ast.c %D%/ast.h %D%/ast_print.c \
	%D%/check.c %D%/check.h \
	%D%/duration.c %D%/duration.h \
	%D%/meta.c %D%/meta.h \
	%D%/option_table.c %D%/option_table.h \
	%D%/parse.h \
	%D%/settings.c %D%/settings.h %D%/settings_defaults.c \
	%D%/template.c %D%/template.h %D%/template_state.h \
	%D%/template_cases.c \
	%D%/template_macro.c \
	%D%/template_scan.c %D%/template_scan.h
