bin_PROGRAMS += drillpress
drillpress_SOURCES = \
	%D%/cmd.h \
	%D%/cmd_agent.c %D%/cmd_check.c %D%/cmd_explain.c %D%/cmd_fmt.c %D%/cmd_guest.c %D%/cmd_kernel.c \
	%D%/cmd_ledger.c %D%/cmd_merge.c %D%/cmd_packetdrill.c %D%/cmd_run.c \
	%D%/data_file.c %D%/data_file.h \
	%D%/diagnostics.c %D%/diagnostics.h \
	%D%/environment.c %D%/environment.h \
	%D%/explain_results.c %D%/explain_results.h \
	%D%/guest_job.c %D%/guest_job.h \
	%D%/ledger_report.c %D%/ledger_report.h \
	%D%/library.c %D%/library.h \
	%D%/main.c \
	%D%/options.c %D%/options.h %D%/options_command.c \
	%D%/reports.c %D%/reports.h \
	%D%/run_case.c %D%/run_case.h \
	%D%/run_guest.c %D%/run_guest.h \
	%D%/run_targets.c %D%/run_targets.h \
	%D%/selection.c %D%/selection.h \
	%D%/suite_setup.c %D%/suite_setup.h \
	%D%/target_list.c %D%/target_list.h \
	%D%/witness.c %D%/witness.h
drillpress_LDADD = libgrammar.a libdrill.a $(PCAP_LIBS) $(NET_LIBS) $(MNL_LIBS) $(NETTLE_LIBS) \
	$(JANSSON_LIBS)

# The name existing runners call. Somebody else's packetdrill stays where it is.
is_ours = test "`readlink packetdrill`" = "$$program"
install-exec-hook:
	cd "$(DESTDIR)$(bindir)" && program=`echo drillpress | sed '$(transform)'` && \
	if $(is_ours) || { test ! -e packetdrill && test ! -L packetdrill; }; then \
		rm -f packetdrill && $(LN_S) "$$program" packetdrill; \
	else \
		echo "$(bindir)/packetdrill is another program and was left alone"; \
	fi
uninstall-hook:
	cd "$(DESTDIR)$(bindir)" && program=`echo drillpress | sed '$(transform)'` && \
	if $(is_ours); then rm -f packetdrill; fi
