libdrill_a_SOURCES += \
	%D%/arg_addr.c %D%/arg_basic.c %D%/arg_buf.c %D%/arg_epoll.c %D%/arg_file.c \
	%D%/arg_msg.c %D%/arg_opt.c %D%/arg_poll.c \
	%D%/args.h \
	%D%/assertion.c %D%/assertion.h \
	%D%/call_table.c \
	%D%/cmsg.c %D%/cmsg.h %D%/cmsg_data.c %D%/cmsg_stats.c %D%/cmsg_table.c \
	%D%/eval.c %D%/eval.h \
	%D%/expr_find.c %D%/expr_find.h \
	%D%/fdmap.c %D%/fdmap.h \
	%D%/foreign.c %D%/foreign.h \
	%D%/opt_header.c %D%/opt_layout.c %D%/opt_layout.h \
	%D%/opt_struct.c %D%/opt_value.h \
	%D%/sctp.c %D%/sctp.h \
	%D%/sockaddr.c %D%/sockaddr.h \
	%D%/symbols.c %D%/symbols.h \
	%D%/sys.c %D%/sys.h \
	%D%/tcp_fields.c %D%/tcp_fields.h \
	%D%/tcp_names.c %D%/tcp_names.h \
	%D%/tcp_sample.c %D%/tcp_sample.h \
	%D%/unsupported.c \
	%D%/value_condition.c %D%/value_condition.h

# The names are ours to list, the numbers the headers' to give.
src/sys/symbols_gen.inc: $(srcdir)/src/sys/symbols.txt $(srcdir)/build-aux/gen-symbols.awk
	$(AM_V_GEN)$(MKDIR_P) src/sys && \
	$(AWK) -f $(srcdir)/build-aux/gen-symbols.awk $(srcdir)/src/sys/symbols.txt > $@.tmp && \
	mv $@.tmp $@
BUILT_SOURCES += src/sys/symbols_gen.inc
CLEANFILES += src/sys/symbols_gen.inc
EXTRA_DIST += src/sys/symbols.txt build-aux/gen-symbols.awk
