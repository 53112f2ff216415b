libdrill_a_SOURCES += \
	%D%/report.h \
	%D%/compare.c %D%/compare.h %D%/compare_script.h \
	%D%/compare_align.c %D%/compare_align.h \
	%D%/compare_lines.c %D%/compare_lines.h \
	%D%/compare_table.c %D%/compare_table.h \
	%D%/compare_trace.c %D%/compare_trace.h \
	%D%/differences.c %D%/differences.h \
	%D%/dossier.c %D%/dossier.h \
	%D%/dossier_files.c %D%/dossier_files.h \
	%D%/dossier_folder.c %D%/dossier_folder.h \
	%D%/dossier_trace.c %D%/dossier_trace.h \
	%D%/environment.c %D%/environment.h \
	%D%/excerpt.c %D%/excerpt.h \
	%D%/explain.c %D%/explain.h \
	%D%/failure.c %D%/failure.h \
	%D%/format.c %D%/format.h \
	%D%/html.c %D%/html.h \
	%D%/html_failure.c %D%/html_sections.h \
	%D%/html_folder.c %D%/html_folder.h \
	%D%/html_index.c %D%/html_index.h \
	%D%/html_ladder.c \
	%D%/html_page.c %D%/html_page.h \
	%D%/html_run.c %D%/html_run.h \
	%D%/html_script.c \
	%D%/json.c %D%/json.h \
	%D%/json_read.c %D%/json_read.h \
	%D%/json_fields.c %D%/json_fields.h \
	%D%/json_shards.c %D%/json_shards.h \
	%D%/junit.c %D%/junit.h \
	%D%/ladder.c %D%/ladder.h \
	%D%/ladder_rows.c %D%/ladder_rows.h \
	%D%/ladder_script.c %D%/ladder_script.h \
	%D%/ladder_svg.c %D%/ladder_svg.h \
	%D%/ledger.h %D%/ledger_html.c %D%/ledger_json.c %D%/ledger_shares.c %D%/ledger_text.c \
	%D%/observed.c %D%/observed.h \
	%D%/packetdrill.c %D%/packetdrill.h \
	%D%/packetdrill_text.c %D%/packetdrill_text.h \
	%D%/page.c %D%/page.h \
	%D%/pcapng.c %D%/pcapng.h \
	%D%/per_run.c %D%/per_run.h \
	%D%/progress.c %D%/progress.h \
	%D%/relabel.c %D%/relabel.h \
	%D%/report_set.c %D%/report_set.h \
	%D%/report_table.c %D%/report_table.h \
	%D%/run_log.c %D%/run_log.h \
	%D%/states.c %D%/states.h \
	%D%/tally.c %D%/tally.h \
	%D%/tap.c %D%/tap.h \
	%D%/tap_yaml.c %D%/tap_yaml.h \
	%D%/text.c %D%/text.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/verbose.c %D%/verbose.h \
	%D%/whole_file.c %D%/whole_file.h \
	%D%/worddiff.c %D%/worddiff.h \
	%D%/xml.c %D%/xml.h

# What pages look like, as C strings.
report_texts = src/report/ladder_css.inc src/report/html_css.inc src/report/html_js.inc
html_text = $(AM_V_GEN)$(MKDIR_P) src/report && \
	$(AWK) -f $(srcdir)/build-aux/gen-string.awk $(srcdir)/$(1) > $@.tmp && mv $@.tmp $@
src/report/ladder_css.inc: $(srcdir)/src/report/html/ladder.css $(srcdir)/build-aux/gen-string.awk
	$(call html_text,src/report/html/ladder.css)
src/report/html_css.inc: $(srcdir)/src/report/html/style.css $(srcdir)/build-aux/gen-string.awk
	$(call html_text,src/report/html/style.css)
src/report/html_js.inc: $(srcdir)/src/report/html/report.js $(srcdir)/build-aux/gen-string.awk
	$(call html_text,src/report/html/report.js)
BUILT_SOURCES += $(report_texts)
CLEANFILES += $(report_texts)
EXTRA_DIST += %D%/html/ladder.css %D%/html/style.css %D%/html/report.js
