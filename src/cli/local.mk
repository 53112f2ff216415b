bin_PROGRAMS += drillpress
drillpress_SOURCES = \
	%D%/cmd.h \
	%D%/cmd_check.c %D%/cmd_fmt.c %D%/cmd_run.c \
	%D%/main.c \
	%D%/options.c %D%/options.h
drillpress_LDADD = libgrammar.a libdrill.a $(PCAP_LIBS) $(NET_LIBS) $(MNL_LIBS) $(NETTLE_LIBS)
