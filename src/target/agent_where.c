/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_where.h"
#include "wire/addr.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *where_parse(const char *text, struct sockaddr_storage *ss, socklen_t *len)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	const char *colon = strrchr(text, ':'), *host = text;
	size_t n = colon ? (size_t)(colon - text) : 0;
	struct addrinfo *ai;
	char addr[WHERE_TEXT];
	char *end;
	long port;

	if (!colon)
		return "say ADDR:PORT";
	port = strtol(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end || port > 65535)
		return "the port is not a number up to 65535";
	if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	if (!n || n >= sizeof(addr))
		return "say ADDR:PORT, ADDR being a number";
	memcpy(addr, host, n);
	addr[n] = '\0';
	if (getaddrinfo(addr, colon + 1, &hints, &ai))
		return "ADDR is not the number of an IPv4 or IPv6 address";
	memcpy(ss, ai->ai_addr, ai->ai_addrlen);
	*len = ai->ai_addrlen;
	freeaddrinfo(ai);
	return NULL;
}

void where_text(const struct sockaddr_storage *ss, char text[WHERE_TEXT])
{
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getnameinfo((const struct sockaddr *)ss, sizeof(*ss), host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV))
		snprintf(text, WHERE_TEXT, "?");
	else
		snprintf(text, WHERE_TEXT, strchr(host, ':') ? "[%.50s]:%s" : "%.50s:%s", host, port);
}
