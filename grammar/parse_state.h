/* SPDX-License-Identifier: BSD-2-Clause */
/* What scanner, grammar and their helpers share during one parse. No globals. */
#ifndef DP_GRAMMAR_PARSE_STATE_H
#define DP_GRAMMAR_PARSE_STATE_H

#include "base/buf.h"
#include "script/ast.h"
#include "script/parse.h"

/* A token with a text; num is set if is_number, and too_large if it could not be. */
struct token {
	const char *text;
	size_t len;
	int64_t num;
	bool is_number, hex, too_large;
	struct value_use *value;	/* the number is known only when the script runs; num fits */
	struct span span;
};

struct parse {
	struct arena *arena;
	struct diag_sink *diag;
	struct script *script;
	struct pkt_spec *packet;	/* the packet line being read */
	const struct override_list *overrides;
	uint32_t line, col;		/* of the next byte */
	uint32_t last_token_line;	/* where the token before ended, for "first on its line" */
	int errors_seen;		/* errors up to the end of the event before */
	bool resync;			/* skip to the next line that starts an event */
	bool first_on_line;		/* the token just returned began its line */
	int last_token;			/* the token just returned */
	struct span last, before;	/* where it stands, and where the one before it */
	bool replay;			/* return it once more after RESYNC */
	struct buf note;		/* text of the note being read */
	struct span note_end;
	int ifs, skipped_ifs;		/* #ifdefs open, and open inside an arm that is left out */
	struct span if_at;		/* the last one opened */
	struct value_name *names;	/* kept so far, the latest first */
	bool uses_values;		/* the event being read says $NAME */
	const struct iteration *iteration;	/* of the repeats that are open */
	bool give_up;			/* what is left of the script is not looked at */
	bool cut_off;			/* a token without an end took the rest, which was said */
};

typedef void *parse_scanner;

/* True if the token just returned seems to begin an event. */
bool parse_at_event(const struct parse *p);
/* A word may be a symbol: returns the token it becomes (WORD, INTEGER, STRING ...). */
int parse_symbol(struct parse *p, struct token *t);
/* Reads a decimal or hex number; one too large is cut, which matters only if it is used as one. */
void parse_number(struct token *t, const char *text, bool hex);
/* Decodes the escapes between the quotes of a string into t; in_place: t is that string itself. */
void parse_string(struct parse *p, struct token *t, const char *text, size_t len, bool in_place);
/*
 * `#ifdef NAME`, `#ifndef NAME`: true if what follows is read. `#else`: true
 * if what follows is left out. NAME is a -D symbol or the system's (Linux).
 */
bool parse_if(struct parse *p, const char *text, struct span at);
bool parse_else(struct parse *p, struct span at);
void parse_endif(struct parse *p, struct span at);
/* A //@ line. */
void parse_meta(struct parse *p, const char *text, struct span at);
/* A --name or --name=value word. */
void parse_option(struct parse *p, const struct token *t);
void parse_command(struct parse *p, const struct token *t);
void parse_event(struct parse *p, struct event *e);
/* Seconds of a FLOAT or INTEGER token. */
nstime parse_seconds(struct parse *p, const struct token *t);
struct when parse_when(struct parse *p, enum when_kind kind, const struct token *t,
		       const struct token *t2, const struct token *end, struct span at);
void parse_state_add(struct parse *p, struct states_ast *s, const struct token *t);
/* The text of a note, token by token, in p->note. */
void parse_note_begin(struct parse *p);
void parse_note_add(struct parse *p, struct span at);

/* An event that is only a text. */
struct event *text_event(struct parse *p, enum event_ast_kind kind, const struct token *t);
/* An assertion about a descriptor, or about the connection under test (fd NULL). */
struct event *assert_event(struct parse *p, struct expr *fd, struct assert_ast *a, struct span at);
/* Appends a condition; a NULL starts an assertion. */
struct assert_ast *assert_add(struct parse *p, struct assert_ast *a, struct condition *c);
/* FIELD OP VALUE, or the range FIELD VALUE~HIGH when op is NULL. */
struct condition *condition_new(struct parse *p, const struct token *field, const struct token *op,
				struct expr *value, struct expr *high, struct span at);
/* The name of a connection; a token without text gives none. */
struct spec_conn conn_name(const struct token *t);
/* Appends an annotation to those before it; NULL starts. */
struct states_ast *states_add(struct states_ast *all, struct states_ast *s);
/* Appends a packet, and what is kept of it, to a group; NULL starts one. */
struct group_ast *group_add(struct parse *p, struct group_ast *g, struct pkt_spec *pkt,
			    struct keep_list *keep, struct span at);
/* `any order { ... }`: what its packets keep is known from here on. */
struct event *group_event(struct parse *p, struct group_ast *g);
/* The time of a group is that of each of its packets. */
void group_time(struct group_ast *g, const struct when *w);
/* The same about a formula instead of a field. */
struct condition *condition_of_value(struct parse *p, const struct token *left,
				     const struct token *op, struct expr *value, struct expr *high,
				     struct span at);
/* Adjacent strings are one. */
struct token string_join(struct parse *p, const struct token *a, const struct token *b);

/*
 * `keep` and `repeat` are words of ours: who gave them a meaning with -D keeps
 * it. Returns the token, like parse_symbol().
 */
int parse_new_word(struct parse *p, struct token *t, int keyword);
/* `$NAME`, `$(EXPRESSION)`: a number that is not known yet. */
struct token parse_formula(struct parse *p, const struct token *t);
/* A number with decimals that a formula is compared with. */
struct expr *parse_decimal(struct parse *p, const struct token *t);
/* An error if t is a formula, where only a number can stand: true then. */
bool parse_refuse_formula(struct parse *p, const struct token *t);
/* NAME = FIELD; NULL after an error. */
struct keep_ast *keep_new(struct parse *p, const struct token *name, const struct token *field,
			  struct span at);
/* Appends one (NULL is left out); a NULL list starts one. */
struct keep_list *keep_add(struct parse *p, struct keep_list *l, struct keep_ast *k);
/* The list of an event that was read: its names are known from here on. */
void keep_attach(struct parse *p, struct event *e, struct keep_list *l, struct span at);
/* `repeat N {` and `}`. */
void parse_repeat_begin(struct parse *p, const struct token *times, struct span at);
void parse_repeat_end(struct parse *p);

#endif
