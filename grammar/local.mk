# The parser is generated code: a library of its own, with the generators' warnings off.
AM_YFLAGS = -d -Wcounterexamples -o y.tab.c
noinst_LIBRARIES += libgrammar.a
libgrammar_a_SOURCES = %D%/outer_words.c %D%/packet_words.c %D%/packet_words.h %D%/parse.c %D%/parse_assert.c %D%/parse_conn.c %D%/parse_repeat.c %D%/parse_state.h %D%/parse_value.c %D%/script_lexer.l %D%/script_parser.y %D%/tcp_words.c
libgrammar_a_CFLAGS = -std=gnu11 -Wall -Wno-unused-function -Wno-sign-compare
BUILT_SOURCES += %D%/script_parser.h
EXTRA_DIST += %D%/script_parser.h
