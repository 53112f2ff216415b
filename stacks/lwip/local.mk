# drillpress-lwip.so: Debian's liblwip for --target stack:FILE.so. The adapter
# is an archive of position-independent code, so that test modules can wrap it.
if HAVE_LWIP
noinst_LIBRARIES += %D%/liblwipadapter.a
stackdir = $(pkglibdir)
stack_PROGRAMS = %D%/drillpress-lwip.so
endif
stack_cppflags = -I$(top_srcdir)/include $(LWIP_CPPFLAGS)
stack_cflags = -std=gnu11 $(DP_CFLAGS) -fPIC -fvisibility=hidden
%C%_liblwipadapter_a_SOURCES = \
	%D%/adapter.c %D%/adapter.h \
	%D%/address.c \
	%D%/clock.c \
	%D%/conn.c \
	%D%/linger.c \
	%D%/message.c \
	%D%/option.c \
	%D%/setting.c \
	%D%/socket.c
%C%_liblwipadapter_a_CPPFLAGS = $(stack_cppflags)
%C%_liblwipadapter_a_CFLAGS = $(stack_cflags)
%C%_drillpress_lwip_so_SOURCES = %D%/entry.c
%C%_drillpress_lwip_so_CPPFLAGS = $(stack_cppflags)
%C%_drillpress_lwip_so_CFLAGS = $(stack_cflags)
%C%_drillpress_lwip_so_LDFLAGS = -shared
%C%_drillpress_lwip_so_LDADD = %D%/liblwipadapter.a $(LWIP_LIBS)
