# One library of everything but the command line; every folder lists its own files.
AM_CPPFLAGS = -I$(top_srcdir)/src -I$(top_srcdir)/include -I$(top_srcdir)/grammar -I$(top_builddir)/grammar \
	-DPKGDATADIR=\"$(pkgdatadir)\"
AM_CFLAGS = -std=gnu11 $(DP_CFLAGS) $(PCAP_CFLAGS) $(MNL_CFLAGS) $(NETTLE_CFLAGS) $(JANSSON_CFLAGS)

noinst_LIBRARIES += libdrill.a
libdrill_a_SOURCES =

include $(top_srcdir)/src/base/local.mk
include $(top_srcdir)/src/wire/local.mk
include $(top_srcdir)/src/script/local.mk
include $(top_srcdir)/src/sys/local.mk
include $(top_srcdir)/src/seam/local.mk
include $(top_srcdir)/src/engine/local.mk
include $(top_srcdir)/src/ledger/local.mk
include $(top_srcdir)/src/target/local.mk
include $(top_srcdir)/src/report/local.mk
include $(top_srcdir)/src/suite/local.mk
include $(top_srcdir)/src/cli/local.mk
