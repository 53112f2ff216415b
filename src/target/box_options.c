/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/box_options.h"

#include "base/arena.h"
#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

static const struct span nowhere;

static const char *const app_names[BOX_APPS] = {
	[BOX_APP_NONE] = "none", [BOX_APP_ECHO] = "echo", [BOX_APP_DISCARD] = "discard",
	[BOX_APP_CHARGEN] = "chargen",
};

const char *box_app_name(enum box_app app)
{
	return app_names[app];
}

static bool on_name(struct box_options *o, const char *v)
{
	o->name = v;
	return *v != '\0';
}

static bool on_app(struct box_options *o, const char *v)
{
	int i;

	for (i = 0; i < BOX_APPS; i++)
		if (strcmp(app_names[i], v) == 0) {
			o->app = (enum box_app)i;
			return true;
		}
	return false;
}

static bool on_hook(struct box_options *o, const char *v)
{
	o->hook = v;
	return *v != '\0';
}

static bool on_peer(struct box_options *o, const char *v)
{
	o->have_peer = true;
	return ether_mac_parse(v, o->peer) == 0;
}

static bool on_mac(struct box_options *o, const char *v)
{
	o->have_mac = true;
	return ether_mac_parse(v, o->mac) == 0;
}

static bool on_own(struct box_options *o, const char *v)
{
	return o->n_own < BOX_MAX_OWN && ip_addr_parse(v, &o->own[o->n_own++]);
}

static bool on_via(struct box_options *o, const char *v)
{
	struct ip_addr a;

	if (!ip_addr_parse(v, &a))
		return false;
	o->via[a.family == AF_INET6] = a;
	return true;
}

static bool on_port(struct box_options *o, const char *v)
{
	char *end;
	long n = strtol(v, &end, 10);

	o->port = (uint16_t)n;
	return *v != '\0' && *end == '\0' && n >= 1 && n <= UINT16_MAX;
}

static bool on_settle(struct box_options *o, const char *v)
{
	return nstime_parse(v, &o->settle) && o->settle <= 10 * NS_PER_SEC;
}

static bool on_patience(struct box_options *o, const char *v)
{
	return nstime_parse(v, &o->patience) && o->patience > 0;
}

static bool on_configured(struct box_options *o, const char *v)
{
	(void)v;
	return o->configured = true;
}

static bool on_commands(struct box_options *o, const char *v)
{
	(void)v;
	return o->commands = true;
}

/* The keys; wants says what a bad value should have been, NULL: the key has no value. */
static const struct {
	const char *key;
	bool (*set)(struct box_options *o, const char *value);
	const char *wants;
} key_table[] = {
	{ "app", on_app, "none, echo, discard or chargen" },
	{ "commands", on_commands, NULL },
	{ "configured", on_configured, NULL },
	{ "gateway", on_own, "an IP address, at most 16 with own=" },
	{ "hook", on_hook, "a command" },
	{ "mac", on_mac, "an Ethernet address of one station, as 02:00:00:00:00:01" },
	{ "name", on_name, "a word" },
	{ "own", on_own, "an IP address, at most 16 with gateway=" },
	{ "patience", on_patience, "seconds" },
	{ "peer", on_peer, "an Ethernet address of one station, as 02:00:00:00:00:01" },
	{ "port", on_port, "a port number" },
	{ "settle", on_settle, "seconds, at most 10" },
	{ "via", on_via, "an IP address" },
};

#define KEYS (sizeof(key_table) / sizeof(key_table[0]))

static int unknown_key(const char *key, struct arena *a, struct diag_sink *d)
{
	const char *all = "";
	size_t i;

	for (i = 0; i < KEYS; i++)
		all = arena_printf(a, "%s%s%s", all, i ? ", " : "", key_table[i].key);
	return diag_error(d, nowhere, "the wire target has no key '%s'; there are: %s", key, all);
}

static int set(struct box_options *o, char *text, struct arena *a, struct diag_sink *d)
{
	char *value = strchr(text, '=');
	size_t i;

	if (value != NULL)
		*value++ = '\0';
	for (i = 0; i < KEYS && strcmp(key_table[i].key, text) != 0; i++)
		;
	if (i == KEYS)
		return unknown_key(text, a, d);
	if ((key_table[i].wants != NULL) != (value != NULL))
		return diag_error(d, nowhere, "the key %s of the wire target %s", text,
				  value ? "has no value" : "wants a value");
	if (!key_table[i].set(o, value))
		return diag_error(d, nowhere, "bad %s=%s: it wants %s", text, value, key_table[i].wants);
	return 0;
}

int box_options_parse(const char *where, struct box_options *o, struct arena *a,
		      struct diag_sink *d)
{
	char *text = arena_strdup(a, where != NULL ? where : ""), *save = NULL, *one;
	char *hook = strstr(text, ",hook=");	/* the last key: commands may have commas */

	if (hook != NULL)
		*hook++ = '\0';
	*o = (struct box_options){ .name = "wire", .settle = 100 * NS_PER_MS,
				   .patience = 3 * NS_PER_SEC };
	one = strtok_r(text, ",", &save);
	if (one == NULL || strchr(one, '=') != NULL || *text == ',')
		return diag_error(d, nowhere, "the wire target wants an interface: "
				  "--target=wire:IFACE[,KEY=VALUE]...");
	o->device = one;
	while ((one = strtok_r(NULL, ",", &save)) != NULL)
		if (set(o, one, a, d) < 0)
			return -1;
	return hook != NULL ? set(o, hook, a, d) : 0;
}
