/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Grammar of the script language: shapes only. Names of TCP options, header
 * fields, ICMP types, structs and their members are looked up in tables.
 */
%code top {
#include "config.h"
}
%code requires {
#include "parse_state.h"
}

%define api.pure full
%define api.prefix {script_yy}
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param { parse_scanner scanner }
%parse-param { struct parse *p }

%code {
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "packet_words.h"

#include <string.h>

int script_next_token(YYSTYPE *val, struct span *at, parse_scanner scanner);
#define script_yylex script_next_token
#define YYLLOC_DEFAULT(cur, rhs, n) \
	((cur) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) : empty_after(YYRHSLOC(rhs, 0)))
/* Deep nesting is refused, not crashed on. */
#define YYMAXDEPTH 2000

static struct span empty_after(struct span s)
{
	return (struct span){ s.end_line, s.end_col, s.end_line, s.end_col };
}

/* Syntax errors are reported below; what is left is a stack that is full. */
static void script_yyerror(struct span *at, parse_scanner scanner, struct parse *p,
			   const char *msg)
{
	(void)scanner;
	(void)msg;
	diag_error(p->diag, *at, "nested too deeply");
}

static struct expr *new_expr(struct parse *p, enum expr_kind kind, struct span at,
			     const struct token *t)
{
	struct expr *e = expr_new(p->arena, kind, at);

	if (t) {
		e->text = t->text;
		e->len = t->len;
		e->num = t->num;
		e->hex = t->hex;
		e->use = t->value;
		if (t->value && kind == EXPR_INT)
			e->kind = EXPR_VALUE;
		else
			parse_refuse_formula(p, t);
	}
	return e;
}

static void check_number(struct parse *p, const struct token *t)
{
	if (t->too_large)
		diag_error(p->diag, t->span, "number too large: %s", t->text);
}

static struct expr *with_items(struct expr *e, struct expr_list *items)
{
	e->items = items;
	return e;
}
}

%token <struct token> WORD "a name" INTEGER "a number" HEX "a hex number" FLOAT "a decimal number"
%token <struct token> STRING "a string" BACKQUOTED "a `command`" CODE "%{ code }%"
%token <struct token> OPTION "--option" ADDRESS "an IP address" STATE_NAME "a TCP state"
%token <struct token> OTHER "another character" COMPARISON "a comparison"
%token <struct token> CONN "@NAME" ANY_ORDER "'any order'"
%token <struct token> KW_IPV4 "'ipv4'" KW_IPV6 "'ipv6'" KW_GRE "'gre'" KW_MPLS "'mpls'"
%token <struct token> KW_UDP "'udp'" KW_UDPLITE "'udplite'" KW_SCTP "'sctp'"
%token <struct token> KW_ICMP "'icmp'" KW_ENCAP "'encap'" KW_NOTHING "'nothing'"
%token <struct token> KW_MTU "'mtu'" KW_ADDR "'addr'" KW_ASSERT "'assert'" KW_ID "'id'" KW_RAW "'raw'"
%token <struct token> KW_KEEP "'keep'" KW_REPEAT "'repeat'" FORMULA "a $value"
%token LINE_PLUS "'+' at the start of a line"
%token ELLIPSIS "'...'" ARROW "'=>'" TO "'->'" RESYNC "the next event" END 0 "the end of the script"

/* Behind a packet of a group, `<` begins its options: packets into the stack are in no group. */
%precedence NO_OPTIONS
%precedence '<'

%type <struct token> word name new_word number digits edge secs opt_errno value string flags_word comparison
%type <struct when> when
%type <struct event *> event action
%type <struct states_ast *> states state_names annotation
%type <struct keep_list *> keeps keep_list
%type <struct keep_ast *> keep_item
%type <struct pkt_spec *> packet packet_head
%type <enum pkt_dir> dir
%type <struct token> opt_conn
%type <struct group_ast *> group_packets
%type <struct spec_ip> ip_info ip_specs
%type <struct spec_outer *> outer gre_items mpls_items
%type <struct spec_mpls> mpls_item
%type <uint32_t> gre_flags
%type <struct spec_opt *> tcp_opt
%type <struct opt_atom *> opt_atom atom_value opt_item assignment
%type <struct opt_atoms *> opt_items some_opt_items
%type <struct spec_end> end
%type <struct syscall_ast *> syscall
%type <struct assert_ast *> conditions
%type <struct condition *> condition
%type <struct expr *> operand expr primary item entry group result result_part
%type <struct expr_list *> exprs some_exprs items some_items groups or_tail

%%

script:
	  things
	;

things:
	  %empty
	| things thing
	;

thing:
	  OPTION			{ parse_option(p, &$1); }
	| BACKQUOTED			{ parse_command(p, &$1); }
	| block_part
	;

block_part:
	  event				{ parse_event(p, $1); }
	| repeat_begin block repeat_end
	| error RESYNC			{
			yyerrok;
			p->errors_seen = p->diag->errors;
			p->uses_values = false;
		}
	;

block:
	  %empty
	| block block_part
	;

/* ---- events and their times ---- */

event:
	  when action keeps states	{
			$$ = $2;
			$$->when = $1;
			$$->states = $4;
			$$->span = span_join(@1, span_join(@2, span_join(@3, @4)));
			keep_attach(p, $$, $3, @3);
		}
	;

when:
	  secs				{ $$ = parse_when(p, WHEN_ABS, &$1, NULL, NULL, @$); }
	| plus secs			{ $$ = parse_when(p, WHEN_REL, &$2, NULL, NULL, @$); }
	| '*'				{ $$ = parse_when(p, WHEN_ANY, NULL, NULL, NULL, @$); }
	| secs '~' secs			{ $$ = parse_when(p, WHEN_ABS_RANGE, &$1, &$3, NULL, @$); }
	| plus secs '~' plus secs		{ $$ = parse_when(p, WHEN_REL_RANGE, &$2, &$5, NULL, @$); }
	| secs ELLIPSIS secs		{ $$ = parse_when(p, WHEN_ABS, &$1, NULL, &$3, @$); }
	| plus secs ELLIPSIS secs	{ $$ = parse_when(p, WHEN_REL, &$2, NULL, &$4, @$); }
	;

/* At the start of a line it begins an event and nothing else. */
plus:
	  '+'
	| LINE_PLUS
	;

secs:
	  INTEGER
	| FLOAT
	;

action:
	  packet			{
			$$ = arena_new_of(p->arena, struct event);
			$$->kind = EVENT_PACKET;
			$$->pkt = $1;
			$1->span = @1;
		}
	| syscall opt_conn		{
			$$ = arena_new_of(p->arena, struct event);
			$$->kind = EVENT_SYSCALL;
			$$->call = $1;
			$1->conn = conn_name(&$2);
		}
	| ANY_ORDER '{' group_packets '}'	{ $$ = group_event(p, $3); }
	| BACKQUOTED			{ $$ = text_event(p, EVENT_COMMAND, &$1); }
	| CODE				{ $$ = text_event(p, EVENT_CODE, &$1); }
	| KW_ASSERT conditions		{ $$ = assert_event(p, NULL, $2, @$); }
	| KW_ASSERT '(' expr ')' conditions	{ $$ = assert_event(p, $3, $5, @$); }
	| KW_ASSERT CONN conditions	{
			$$ = assert_event(p, NULL, $3, @$);
			$3->conn = conn_name(&$2);
		}
	;

opt_conn:
	  %empty			{ $$ = (struct token){ 0 }; }
	| CONN
	;

group_packets:
	  packet keeps			{ $1->span = @1; $$ = group_add(p, NULL, $1, $2, @$); }
	| group_packets packet keeps	{
			$2->span = @2;
			$$ = group_add(p, $1, $2, $3, span_join(@2, @3));
		}
	;

keeps:
	  %empty			{ $$ = NULL; }
	| KW_KEEP keep_list		{ $$ = $2; }
	;

keep_list:
	  keep_item			{ $$ = keep_add(p, NULL, $1); }
	| keep_list ',' keep_item	{ $$ = keep_add(p, $1, $3); }
	;

keep_item:
	  name '=' name			{ $$ = keep_new(p, &$1, &$3, @$); }
	;

states:
	  %empty			{ $$ = NULL; }
	| states annotation		{ $$ = states_add($1, $2); }
	;

annotation:
	  ARROW opt_conn state_names	{
			$$ = $3;
			$$->span = @$;
			$$->conn = conn_name(&$2);
		}
	;

state_names:
	  STATE_NAME			{
			$$ = arena_new_of(p->arena, struct states_ast);
			STAILQ_INIT(&$$->states);
			parse_state_add(p, $$, &$1);
		}
	| state_names TO STATE_NAME	{ $$ = $1; parse_state_add(p, $$, &$3); }
	;

/* A name where any word will do: the words events give a meaning stay free elsewhere. */
word:
	  name
	| new_word
	;

new_word:
	  KW_ASSERT | KW_KEEP | KW_REPEAT
	;

name:
	  WORD | KW_IPV4 | KW_IPV6 | KW_GRE | KW_MPLS | KW_UDP | KW_UDPLITE | KW_SCTP | KW_ICMP
	| KW_ENCAP | KW_NOTHING
	| KW_MTU | KW_ADDR | KW_ID | KW_RAW
	;

number:
	  digits			{ $$ = $1; check_number(p, &$1); }
	| FORMULA			{ $$ = parse_formula(p, &$1); }
	;

/* Hex bytes and notes may be longer than any number. */
digits:
	  INTEGER
	| HEX
	;

/* ---- packets ---- */

packet:
	  packet_head tcp		{ $$ = $1; }
	| packet_head encap tcp		{ $$ = $1; }
	| packet_head KW_UDP		{ $1->kind = SPEC_UDP; }
	  opt_ends '(' number ')'	{ $$ = $1; udp_len(p, $1, &$6); }
	| packet_head KW_UDPLITE	{ $1->kind = SPEC_UDPLITE; }
	  opt_ends '(' number ',' number ')'	{ $$ = $1; udplite_len(p, $1, &$6, &$8); }
	| packet_head KW_ICMP word	{ icmp_begin($1, &$3); }
	  icmp_code icmp_fields icmp_body	{ $$ = $1; }
	| packet_head '[' quote_range ']' KW_ICMP word	{
			/* Scripts before 2013 quote first. */
			icmp_begin($1, &$6);
			$1->icmp.quote_first = true;
		}
	  icmp_code icmp_fields		{ $$ = $1; }
	| packet_head sctp		{ $$ = $1; packet_sctp(p, @2); }
	| packet_head KW_NOTHING	{ $1->kind = SPEC_NOTHING; $$ = $1; }
	;

/* No more of it is read: see packet_sctp(). */
sctp:
	  KW_SCTP
	| ends KW_SCTP
	;

packet_head:
	  dir opt_conn			{ $$ = packet_new(p, $1); $$->conn = conn_name(&$2); }
	| '>' '?' opt_conn		{
			$$ = packet_new(p, PKT_OUT);
			$$->conn = conn_name(&$3);
			$$->optional = true;
		}
	| packet_head outer ':'		{ $$ = $1; packet_add_outer(p, $1, $2, @2); }
	| packet_head ip_info		{ $$ = $1; packet_ip(p, $1, &$2, @2); }
	;

dir:
	  '<'				{ $$ = PKT_IN; }
	| '>'				{ $$ = PKT_OUT; }
	;

outer:
	  KW_IPV4 ADDRESS '>' ADDRESS	{ $$ = outer_ip(p, OUTER_IPV4, NULL, &$2, &$4); }
	| KW_IPV4 ip_info ADDRESS '>' ADDRESS	{ $$ = outer_ip(p, OUTER_IPV4, &$2, &$3, &$5); }
	| KW_IPV6 ADDRESS '>' ADDRESS	{ $$ = outer_ip(p, OUTER_IPV6, NULL, &$2, &$4); }
	| KW_IPV6 ip_info ADDRESS '>' ADDRESS	{ $$ = outer_ip(p, OUTER_IPV6, &$2, &$3, &$5); }
	| KW_GRE			{ $$ = outer_new(p, OUTER_GRE); $$->gre_bare = true; }
	| KW_GRE gre_items		{ $$ = $2; }
	| KW_GRE ',' gre_items		{ $$ = $3; }
	| KW_MPLS mpls_items		{ $$ = $2; }
	;

gre_items:
	  word number			{ $$ = outer_new(p, OUTER_GRE); gre_item(p, $$, &$1, &$2); }
	| word '=' number		{ $$ = outer_new(p, OUTER_GRE); gre_item(p, $$, &$1, &$3); }
	| word '[' gre_flags ']'	{ $$ = outer_new(p, OUTER_GRE); gre_flag_list(p, $$, &$1, $3); }
	| gre_items opt_comma word number	{ $$ = $1; gre_item(p, $$, &$3, &$4); }
	| gre_items opt_comma word '=' number	{ $$ = $1; gre_item(p, $$, &$3, &$5); }
	| gre_items opt_comma word '[' gre_flags ']'	{ $$ = $1; gre_flag_list(p, $$, &$3, $5); }
	;

opt_comma:
	  %empty
	| ','
	;

gre_flags:
	  word				{ $$ = gre_flag(p, &$1, NULL); }
	| word word			{ $$ = gre_flag(p, &$1, &$2); }
	| gre_flags ',' word		{ $$ = $1 | gre_flag(p, &$3, NULL); }
	| gre_flags ',' word word	{ $$ = $1 | gre_flag(p, &$3, &$4); }
	;

mpls_items:
	  %empty			{ $$ = outer_new(p, OUTER_MPLS); }
	| mpls_items mpls_item		{ $$ = $1; mpls_add(p, $1, &$2, @2); }
	;

mpls_item:
	  '(' word number ',' word number ',' word number ')'
	  { $$ = mpls_entry(p, &$2, &$3, &$5, &$6, NULL, &$8, &$9); }
	| '(' word number ',' word number ',' '[' word ']' ',' word number ')'
	  { $$ = mpls_entry(p, &$2, &$3, &$5, &$6, &$9, &$12, &$13); }
	;

ip_info:
	  '[' ip_specs ']'		{ $$ = $2; $$.span = @$; }
	| '(' ip_specs ')'		{ $$ = $2; $$.span = @$; }
	;

ip_specs:
	  word				{ $$ = (struct spec_ip){ 0 }; ip_word(p, &$$, &$1, NULL); }
	| word value			{ $$ = (struct spec_ip){ 0 }; ip_word(p, &$$, &$1, &$2); }
	| ip_specs ',' word		{ $$ = $1; ip_word(p, &$$, &$3, NULL); }
	| ip_specs ',' word value	{ $$ = $1; ip_word(p, &$$, &$3, &$4); }
	;

/* The parts below write into the packet that packet_head began: p->packet. */
encap:
	  KW_ENCAP word word number	{ tcp_encap(p, p->packet, &$2, &$3, &$4); }
	;

tcp:
	  flags range tcp_fields tcp_opts tcp_diag tunnel
	| ends flags range tcp_fields tcp_opts tcp_diag tunnel
	;

opt_ends:
	  %empty
	| ends
	;

/* One side may be left out: `> addr[a] > S ...`, `> > 80 S ...`. */
ends:
	  end '>' end			{ packet_ends(p->packet, &$1, &$3); }
	| end '>'			{ packet_ends(p->packet, &$1, NULL); }
	| '>' end			{ packet_ends(p->packet, NULL, &$2); }
	;

end:
	  number			{ $$ = end_port(p, &$1); }
	| ADDRESS			{ $$ = end_addr(p, &$1, NULL); }
	| ADDRESS ':' number		{ $$ = end_addr(p, &$1, &$3); }
	| KW_ADDR '[' word ']'		{ $$ = end_var(p, &$3, NULL, @$); }
	| KW_ADDR '[' word ']' ':' number	{ $$ = end_var(p, &$3, &$6, @$); }
	;

flags:
	  flags_word			{ tcp_flags(p, p->packet, &$1, NULL, false); }
	| flags_word '.'		{ tcp_flags(p, p->packet, &$1, NULL, true); }
	| flags_word FLOAT		{ tcp_flags(p, p->packet, &$1, &$2, true); }
	| FLOAT				{ tcp_flags(p, p->packet, NULL, &$1, true); }
	| '.'				{ tcp_flags(p, p->packet, NULL, NULL, true); }
	| '-'				{ tcp_flags(p, p->packet, NULL, NULL, false); }
	;

flags_word:
	  WORD
	;

range:
	  number ':' number '(' number ')'	{ tcp_range(p, p->packet, &$1, &$3, &$5, @$); }
	| number ':' number '(' number ')' '!'	{
			tcp_range(p, p->packet, &$1, &$3, &$5, @$);
			p->packet->tcp.seq_absolute = true;
		}
	| FORMULA '(' number ')'	{
			struct token seq = parse_formula(p, &$1);

			tcp_range(p, p->packet, &seq, NULL, &$3, @$);
		}
	| FORMULA '(' number ')' '!'	{
			struct token seq = parse_formula(p, &$1);

			tcp_range(p, p->packet, &seq, NULL, &$3, @$);
			p->packet->tcp.seq_absolute = true;
		}
	| ELLIPSIS '(' number ')'	{ tcp_range_any(p, p->packet, &$3, @$); }
	;

tcp_fields:
	  %empty
	| tcp_fields name value		{ tcp_field(p, p->packet, &$2, &$3); }
	| tcp_fields KW_ASSERT value	{ tcp_field(p, p->packet, &$2, &$3); }
	;

value:
	  number
	| word
	;

tcp_opts:
	  %empty %prec NO_OPTIONS
	| '<' ELLIPSIS '>'		{ tcp_opts_any(p, p->packet, @$); }
	| '<' tcp_opt_list '>'		{ tcp_opts_list(p, p->packet, @$); }
	;

tcp_opt_list:
	  tcp_opt
	| tcp_opt_list ',' tcp_opt
	;

/* Bytes in hex alone are the whole list, well-formed or not. */
tcp_opt:
	  word				{ $$ = tcp_opt_new(p, p->packet, &$1); }
	| digits			{ $$ = tcp_opt_new(p, p->packet, &$1); }
	| tcp_opt opt_atom		{ $$ = $1; tcp_opt_add($1, $2); }
	;

opt_atom:
	  atom_value
	| edge ':' edge			{ $$ = atom_pair(p, &$1, &$3); }
	| '+' number			{ $$ = atom_plus(p, &$2, @$); }
	| assignment
	;

edge:
	  digits
	| FORMULA			{ $$ = parse_formula(p, &$1); }
	;

assignment:
	  word '=' atom_value		{ $$ = atom_assign(p, &$1, $3, @$); }
	| word '=' '[' opt_items ']'	{
			$$ = atom_items(p, ATOM_INDEX, NULL, $4, @$);
			$$ = atom_assign(p, &$1, $$, @$);
		}
	;

atom_value:
	  word				{ $$ = atom_new(p, &$1); }
	| edge				{ $$ = atom_new(p, &$1); }
	| ELLIPSIS			{ $$ = atom_any(p, @$); }
	| digits '!'			{ $$ = atom_absolute(atom_new(p, &$1), @$); }
	| STRING			{ $$ = atom_string(p, &$1); }
	| word '[' opt_items ']'	{ $$ = atom_items(p, ATOM_INDEX, &$1, $3, @$); }
	| word '(' opt_items ')'	{ $$ = atom_items(p, ATOM_CALL, &$1, $3, @$); }
	;

opt_items:
	  %empty			{ $$ = NULL; }
	| some_opt_items
	;

some_opt_items:
	  opt_item			{ $$ = atoms_add(p, NULL, $1); }
	| some_opt_items opt_comma opt_item	{ $$ = atoms_add(p, $1, $3); }
	;

opt_item:
	  atom_value
	| assignment
	;

tcp_diag:
	  %empty
	| '[' word number ',' word number ']'
					{ tcp_diag(p, p->packet, &$2, &$3, &$5, &$6, @$); }
	;

tunnel:
	  %empty
	| '/' KW_UDP '(' number '>' number ')'	{ packet_tunnel(p, p->packet, &$4, &$6, @$); }
	;

icmp_code:
	  %empty
	| WORD				{ icmp_code(p->packet, &$1); }
	;

icmp_fields:
	  %empty
	| icmp_fields KW_MTU number	{ icmp_field(p, p->packet, &$2, &$3); }
	| icmp_fields KW_ID number	{ icmp_field(p, p->packet, &$2, &$3); }
	;

icmp_body:
	  %empty
	| '[' quote_range tunnel ']'
	| '[' KW_UDP '(' number ')' ']'	{ icmp_quote_len(p, p->packet, QUOTE_UDP, &$4, @$); }
	| '[' KW_UDPLITE '(' number ',' number ')' ']'
					{ icmp_quote_udplite(p, p->packet, &$4, &$6, @$); }
	| '[' KW_SCTP			{ packet_sctp(p, @2); }
	| '[' KW_RAW '(' number ')' ']'	{ icmp_quote_len(p, p->packet, QUOTE_RAW, &$4, @$); }
	;

quote_range:
	  number ':' number '(' number ')'
					{ icmp_quote_tcp(p, p->packet, &$1, &$3, &$5, @$); }
	;

/* ---- system calls ---- */

syscall:
	  name '(' exprs ')' '=' result opt_errno	{
			$$ = arena_new_of(p->arena, struct syscall_ast);
			*$$ = (struct syscall_ast){ .name = $1.text, .name_span = @1, .args = $3,
						    .result = $6, .err = $7.text, .err_span = @7 };
		}
	| name '(' exprs ')' '=' result opt_errno '(' note_begin note ')'	{
			$$ = arena_new_of(p->arena, struct syscall_ast);
			*$$ = (struct syscall_ast){ .name = $1.text, .name_span = @1, .args = $3,
						    .result = $6, .err = $7.text, .err_span = @7 };
			$$->note = arena_strdup(p->arena, buf_str(&p->note));
		}
	;

opt_errno:
	  %empty			{ $$ = (struct token){ 0 }; }
	| WORD
	;

result:
	  result_part
	| result '|' result_part	{
			$$ = new_expr(p, EXPR_OR, @$, NULL);
			$$->items = $1->kind == EXPR_OR ? $1->items
							: expr_list_add(p->arena, NULL, $1);
			expr_list_add(p->arena, $$->items, $3);
		}
	;

result_part:
	  number			{ $$ = new_expr(p, EXPR_INT, @$, &$1); }
	| WORD				{ $$ = new_expr(p, EXPR_WORD, @$, &$1); }
	| ELLIPSIS			{ $$ = new_expr(p, EXPR_ELLIPSIS, @$, NULL); }
	| '?'				{ $$ = new_expr(p, EXPR_ELLIPSIS, @$, NULL); }
	;

/* ---- assertions ---- */

conditions:
	  condition			{ $$ = assert_add(p, NULL, $1); }
	| conditions ',' condition	{ $$ = assert_add(p, $1, $3); }
	;

condition:
	  name comparison expr		{ $$ = condition_new(p, &$1, &$2, $3, NULL, @$); }
	| name expr '~' expr		{ $$ = condition_new(p, &$1, NULL, $2, $4, @$); }
	| FORMULA comparison operand	{ $$ = condition_of_value(p, &$1, &$2, $3, NULL, @$); }
	| FORMULA operand '~' operand	{ $$ = condition_of_value(p, &$1, NULL, $2, $4, @$); }
	;

/* Times have decimals. */
operand:
	  expr
	| FLOAT				{ $$ = parse_decimal(p, &$1); }
	;

comparison:
	  COMPARISON
	| '='				{ $$ = (struct token){ .text = "==", .span = @$ }; }
	| '<'				{ $$ = (struct token){ .text = "<", .span = @$ }; }
	| '>'				{ $$ = (struct token){ .text = ">", .span = @$ }; }
	;

/* Free text, gathered in p->note: anything that scans, with balanced parentheses. */
note_begin:
	  %empty			{ parse_note_begin(p); }
	;

note:
	  %empty
	| note note_part		{ parse_note_add(p, @2); }
	| note note_open note ')'	{ parse_note_add(p, @4); }
	;

note_open:
	  '('				{ parse_note_add(p, @1); }
	;

note_part:
	  word | digits | FLOAT | STRING | BACKQUOTED | ADDRESS | OTHER | OPTION | CODE | COMPARISON
	| CONN | ANY_ORDER
	| FORMULA
	| ELLIPSIS | TO | ARROW | STATE_NAME
	| '<' | '>' | '[' | ']' | '{' | '}' | ':' | ',' | '=' | '.' | '+' | '*' | '~' | '|' | '?' | '-'
	| '!' | '/' | LINE_PLUS
	;

exprs:
	  %empty			{ $$ = NULL; }
	| some_exprs
	;

some_exprs:
	  expr				{ $$ = expr_list_add(p->arena, NULL, $1); }
	| some_exprs ',' expr		{ $$ = expr_list_add(p->arena, $1, $3); }
	;

expr:
	  primary
	| primary or_tail		{
			$$ = with_items(new_expr(p, EXPR_OR, @$, NULL), $2);
			STAILQ_INSERT_HEAD($2, $1, next);
		}
	;

or_tail:
	  '|' primary			{ $$ = expr_list_add(p->arena, NULL, $2); }
	| or_tail '|' primary		{ $$ = expr_list_add(p->arena, $1, $3); }
	;

primary:
	  ELLIPSIS			{ $$ = new_expr(p, EXPR_ELLIPSIS, @$, NULL); }
	| number			{ $$ = new_expr(p, EXPR_INT, @$, &$1); }
	| word				{ $$ = new_expr(p, EXPR_WORD, @$, &$1); }
	| string			{ $$ = new_expr(p, EXPR_STRING, @$, &$1); }
	| string ELLIPSIS		{ $$ = new_expr(p, EXPR_STRING, @$, &$1); }
	| '[' exprs ']'			{ $$ = with_items(new_expr(p, EXPR_LIST, @$, NULL), $2); }
	| '{' items '}'			{ $$ = with_items(new_expr(p, EXPR_STRUCT, @$, NULL), $2); }
	| word '(' exprs ')'		{ $$ = with_items(new_expr(p, EXPR_CALL, @$, &$1), $3); }
	;

string:
	  STRING
	| string STRING			{ $$ = string_join(p, &$1, &$2); }
	;

items:
	  %empty			{ $$ = NULL; }
	| some_items
	| groups
	;

some_items:
	  item				{ $$ = expr_list_add(p->arena, NULL, $1); }
	| some_items ',' item		{ $$ = expr_list_add(p->arena, $1, $3); }
	| some_items entry		{ $$ = expr_list_add(p->arena, $1, $2); }
	;

item:
	  expr
	| word '=' expr			{
			$$ = new_expr(p, EXPR_FIELD, @$, &$1);
			$$->value = $3;
		}
	| word '(' exprs ')' '=' expr	{
			$$ = with_items(new_expr(p, EXPR_FIELD, @$, &$1), $3 ? $3 : expr_list_new(p->arena));
			$$->value = $6;
		}
	| entry
	;

entry:
	  word number			{
			$$ = new_expr(p, EXPR_ENTRY, @$, &$2);
			$$->text = $1.text;
		}
	| word '[' gre_flags ']'	{
			$$ = new_expr(p, EXPR_ENTRY, @$, &$1);
			$$->num = $3;
			$$->hex = true;
		}
	;

/* A stack of label entries stands without commas: {(label 1, ...) (label 2, ...)}. */
groups:
	  group				{ $$ = expr_list_add(p->arena, NULL, $1); }
	| groups group			{ $$ = expr_list_add(p->arena, $1, $2); }
	;

group:
	  '(' some_items ')'		{ $$ = with_items(new_expr(p, EXPR_GROUP, @$, NULL), $2); }
	;

/* ---- repeats: around events ---- */

repeat_begin:
	  KW_REPEAT number '{'		{ parse_repeat_begin(p, &$2, span_join(@1, @2)); }
	;

repeat_end:
	  '}'				{ parse_repeat_end(p); }
	;

%%

enum { EXPECTED_MAX = YYNTOKENS, EXPECTED_SHOWN = 8 };

struct expected {
	yysymbol_kind_t kind[EXPECTED_MAX];
	int n;
};

static bool expects(const struct expected *e, yysymbol_kind_t kind)
{
	int i;

	for (i = 0; i < e->n; i++)
		if (e->kind[i] == kind)
			return true;
	return false;
}

/* Words that any name may be and other spellings of a number would only clutter a message. */
static bool worth_naming(const struct expected *e, yysymbol_kind_t kind, const struct parse *p)
{
	if (expects(e, YYSYMBOL_OTHER))		/* free text, up to its end */
		return !strcmp(yysymbol_name(kind), "')'");
	if (kind >= YYSYMBOL_KW_IPV4 && kind <= YYSYMBOL_KW_RAW)
		return !expects(e, YYSYMBOL_WORD);
	/* They may follow almost everywhere. */
	if (kind == YYSYMBOL_KW_KEEP || kind == YYSYMBOL_KW_REPEAT)
		return false;
	if (kind == YYSYMBOL_HEX || kind == YYSYMBOL_FLOAT || kind == YYSYMBOL_FORMULA)
		return !expects(e, YYSYMBOL_INTEGER);
	if (kind == YYSYMBOL_LINE_PLUS)
		return false;
	if (kind == YYSYMBOL_OPTION)
		return !p->script->init && !p->script->n_events &&
			!expects(e, YYSYMBOL_ARROW) && !expects(e, YYSYMBOL_TO);
	return kind != YYSYMBOL_RESYNC && kind != YYSYMBOL_YYerror;
}

static const char *expected_text(const yypcontext_t *ctx, struct parse *p)
{
	int i, shown = 0, total = 0;
	const char *text = "";
	struct expected e;

	e.n = yypcontext_expected_tokens(ctx, e.kind, EXPECTED_MAX);
	for (i = 0; i < e.n; i++)
		total += worth_naming(&e, e.kind[i], p);
	for (i = 0; i < e.n && shown < EXPECTED_SHOWN; i++) {
		if (!worth_naming(&e, e.kind[i], p))
			continue;
		text = arena_printf(p->arena, "%s%s%s", text,
				    !shown ? "" : shown + 1 == total ? " or " : ", ",
				    yysymbol_name(e.kind[i]));
		shown++;
	}
	return shown < total ? arena_printf(p->arena, "%s ...", text) : text;
}

/* What stands in the script, quoted, and what it means if it is a symbol. */
static const char *found_text(const yypcontext_t *ctx, struct parse *p)
{
	struct span at = *yypcontext_location(ctx);
	size_t len = 0;
	const char *line = source_line(p->diag->src, at.line, &len), *word, *value;
	struct buf text = { 0 };

	if (!line || !at.col || at.col > len)
		return "";
	len = at.end_line > at.line ? len - (at.col - 1) : at.end_col - at.col;
	word = arena_strndup(p->arena, line + at.col - 1, len > 40 ? 40 : len);
	if (yypcontext_token(ctx) == YYSYMBOL_OTHER && (*word < ' ' || *word > '~')) {
		buf_add_escaped(&text, word, strlen(word));
		word = arena_printf(p->arena, "'%s' (not ASCII)", buf_str(&text));
		buf_free(&text);
		return word;
	}
	value = settings_define(&p->script->settings, word);
	return value ? arena_printf(p->arena, "'%s' (defined as %s)", word, value) :
		arena_printf(p->arena, "'%s'", word);
}

/* Just behind what was read before the token that surprises. */
static struct span behind(const struct parse *p, struct span at)
{
	if (!p->before.line)
		return at;
	at = empty_after(p->before);
	return (struct span){ at.end_line, at.end_col, at.end_line, at.end_col + 1 };
}

static int yyreport_syntax_error(const yypcontext_t *ctx, parse_scanner scanner, struct parse *p)
{
	struct span at = *yypcontext_location(ctx);
	bool end = yypcontext_token(ctx) == YYSYMBOL_YYEOF;
	const char *expected = expected_text(ctx, p), *found;

	(void)scanner;
	p->resync = true;
	if (end && p->cut_off)
		return 0;
	if (end || (parse_at_event(p) && at.line > p->before.end_line)) {
		diag_error(p->diag, behind(p, at), "the %s ends here, but %s is expected",
			   end ? "script" : "event", expected);
		return 0;
	}
	found = found_text(ctx, p);
	if (!strncmp(found, "'#", 2))
		diag_error(p->diag, at, "'#' does not begin a comment here: use // or /* */");
	else
		diag_error(p->diag, at, "unexpected %s, expected %s", found, expected);
	return 0;
}
