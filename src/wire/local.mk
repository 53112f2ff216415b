libdrill_a_SOURCES += \
	%D%/addr.c %D%/addr.h \
	%D%/bytes.h \
	%D%/checksum.c %D%/checksum.h \
	%D%/hdrs.c %D%/hdrs.h \
	%D%/hmac.c %D%/hmac.h \
	%D%/icmp_names.c %D%/icmp_names.h \
	%D%/mptcp_hash.c %D%/mptcp_hash.h \
	%D%/pkt.c %D%/pkt.h \
	%D%/pkt_build.c %D%/pkt_build.h %D%/pkt_build_l4.c \
	%D%/pkt_build_icmp.c \
	%D%/pkt_compare.c %D%/pkt_compare.h %D%/pkt_compare_ip.c \
	%D%/pkt_csum.c \
	%D%/pkt_decode.c \
	%D%/pkt_print.c \
	%D%/pkt_quote.c \
	%D%/psp.c %D%/psp.h \
	%D%/spec.h %D%/spec_copy.c %D%/spec_print.c \
	%D%/tcp_md5.c %D%/tcp_md5.h \
	%D%/tcpopt.c %D%/tcpopt.h %D%/tcpopt_table.c %D%/tcpopt_table.h \
	%D%/tcpopt_mptcp.c %D%/tcpopt_mptcp.h %D%/tcpopt_mptcp_parse.c \
	%D%/tcpopt_mptcp_parse.h %D%/tcpopt_mptcp_print.c %D%/tcpopt_mptcp_value.c \
	%D%/tcpstate.c %D%/tcpstate.h
