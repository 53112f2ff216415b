# The example of doc/stacks/README.md: built and run by the tests, not installed.
check_PROGRAMS += %D%/minimal.so
%C%_minimal_so_SOURCES = %D%/minimal.c
%C%_minimal_so_CPPFLAGS = -I$(top_srcdir)/include
%C%_minimal_so_CFLAGS = -std=gnu11 $(DP_CFLAGS) -fPIC
%C%_minimal_so_LDFLAGS = -shared
%C%_minimal_so_LDADD =
EXTRA_DIST += stacks/minimal/scripts
