/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/html_page.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/format.h"
#include "report/html_folder.h"

#include <ctype.h>
#include <string.h>

static const struct html_verdict verdict_table[VERDICT_COUNT] = {
	[VERDICT_NONE] = { "odd", "?" },
	[VERDICT_PASS] = { "good", "\xe2\x9c\x93" },		/* a tick */
	[VERDICT_FAIL] = { "bad", "\xe2\x9c\x97" },		/* a cross */
	[VERDICT_INCONCLUSIVE] = { "odd", "?" },
	[VERDICT_SKIP] = { "off", "\xe2\x80\x93" },		/* a dash */
	[VERDICT_BADSCRIPT] = { "odd", "!" },
	[VERDICT_ENVIRONMENT] = { "odd", "!" },
	[VERDICT_XFAIL] = { "off", "\xe2\x89\x88" },		/* almost equal */
	[VERDICT_XPASS] = { "odd", "!" },
};

const struct html_verdict *html_verdict(enum verdict v)
{
	return &verdict_table[(unsigned)v < VERDICT_COUNT ? v : VERDICT_NONE];
}

/*
 * Nothing is loaded from elsewhere, and nothing a script says can run. Opened
 * as a file, a page has no origin for 'self' in some browsers.
 */
static const char policy[] =
	"default-src 'none'; style-src 'self' file:; script-src 'self' file:; "
	"base-uri 'none'; form-action 'none'";

void html_begin(struct buf *b, const struct html_head *h)
{
	buf_printf(b, "<!DOCTYPE html>\n<!-- " HTML_MARK " -->\n<html lang=\"en\">\n<head>\n"
		   "<meta charset=\"utf-8\"/>\n"
		   "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\"/>\n"
		   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		   "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		   "<meta name=\"generator\" content=\"" PACKAGE_STRING "\"/>\n<title>", policy);
	html_lines(b, h->title, strlen(h->title));
	buf_printf(b, "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\"/>\n"
		   "<script src=\"%sreport.js\" defer=\"defer\"></script>\n</head>\n<body>\n"
		   "<a class=\"skip\" href=\"#main\">%s</a>\n"
		   "<header class=\"top\"><div class=\"bar\"><p class=\"brand\">drillpress</p>"
		   "<p>%s</p></div></header>\n"
		   "<main id=\"main\" tabindex=\"-1\">\n", h->up, h->up, h->skip,
		   h->right ? h->right : "");
}

void html_end(struct buf *b)
{
	buf_adds(b, "</body>\n</html>\n");
}

void html_text(struct buf *b, struct arena *a, const char *s)
{
	format_xml(b, format_one_line(a, s));
}

void html_lines(struct buf *b, const char *s, size_t len)
{
	struct buf copy = { 0 };

	buf_add(&copy, s, len);
	format_xml(b, buf_str(&copy));
	buf_free(&copy);
}

void html_url(struct buf *b, const char *name)
{
	for (; *name; name++) {
		if (isalnum((unsigned char)*name) || strchr("-._~", *name))
			buf_addc(b, *name);
		else
			buf_printf(b, "%%%02X", (unsigned char)*name);
	}
}

void html_badge(struct buf *b, enum verdict v)
{
	const struct html_verdict *look = html_verdict(v);

	buf_printf(b, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
		   look->css, look->sign, verdict_name(v));
}

void html_wide(struct buf *b, const char *css, const char *name)
{
	buf_printf(b, "<div class=\"%s\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n", css,
		   name);
}

void html_wide_end(struct buf *b)
{
	buf_adds(b, "</div>\n");
}

void html_fact(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "<dt>%s</dt><dd>%s</dd>\n", name, value);
}
