/* 22 resolver, the client: looks a name up by itself. It asks the root, is sent on to a server that
 * knows more, asks that one, until one has the answer; or, with -r, it asks one server to do all
 * that. Each question and each answer is printed. How a message is written and read is in
 * lib/dns.c, how a server is asked and what a referral is, in lib/resolve.c. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/resolve.h"

enum { QUESTIONS = 24, MANY_TIMES = 100, DATA_TEXT = 1100 };

/* ---- what an answer says, for people ---- */

static const char *data_text(const struct dns_reader *r, const struct dns_record *record,
                             char *text)
{
	struct dns_reader data = dns_data(r, record);
	struct dns_name name;
	int family = record->type == DNS_A ? AF_INET : AF_INET6;
	size_t address = record->type == DNS_A ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	(void)snprintf(text, DATA_TEXT, "(%u bytes)", (unsigned)record->data_len); /* fits */
	if ((record->type == DNS_A || record->type == DNS_AAAA) && record->data_len == address)
		(void)inet_ntop(family, r->bytes + record->data, text, DATA_TEXT); /* fits */
	if (record->type != DNS_NS && record->type != DNS_CNAME)
		return text;
	dns_read_name(&data, &name);
	return data.bad ? "(broken)" : dns_name_text(&name, text);
}

static void print_answers(const struct dns_reply *reply)
{
	struct dns_reader r = reply->records;
	for (int i = 0; i < reply->header.counts[DNS_ANSWERS]; i++) {
		char name[DNS_TEXT], type[DNS_TYPE_TEXT], data[DATA_TEXT];
		struct dns_record record;
		dns_read_record(&r, &record);
		if (r.bad) {
			printf("  and the rest cannot be read\n");
			return;
		}
		printf("  %s %s %s, for %u s\n", dns_name_text(&record.name, name),
		       dns_type_text(record.type, type), data_text(&r, &record, data),
		       (unsigned)record.ttl);
	}
}

static void print_reply(const struct place *server, const struct dns_reply *reply,
                        const struct referral *next)
{
	static const char *const rcodes[] = {"no error", "FORMERR", "SERVFAIL",
	                                     "NXDOMAIN", "NOTIMP",  "REFUSED"};
	char zone[DNS_TEXT];
	unsigned rcode = reply->header.flags & DNS_RCODE;
	if (next != NULL) {
		printf("%s: I do not know, but %s has %s%s%s\n", server->host, next->name,
		       dns_name_text(&next->zone, zone), next->n_addresses > 0 ? ", at " : "",
		       next->n_addresses > 0 ? next->addresses[0] : "");
		return;
	}
	printf("%s: %s, %u answers%s%s%s\n", server->host,
	       rcode <= DNS_REFUSED ? rcodes[rcode] : "an error",
	       (unsigned)reply->header.counts[DNS_ANSWERS],
	       reply->header.flags & DNS_AA ? ", and I am the one to know (AA)" : "",
	       reply->header.flags & DNS_RA ? ", from what others told me (RA)" : "",
	       reply->over_tcp ? ", over TCP" : "");
	print_answers(reply);
}

/* ---- looking up ---- */

/* How it goes; `found` is what the last answer said. */
struct progress {
	int n_answers, rcode, n_records;
};

static void on_told(void *arg, const struct place *server, const struct dns_reply *reply,
                    const struct referral *next)
{
	struct progress *progress = arg;
	progress->n_answers++;
	print_reply(server, reply, next);
}

static void on_found(void *arg, const struct dns_reply *reply)
{
	struct progress *progress = arg;
	progress->rcode = reply->header.flags & DNS_RCODE;
	progress->n_records += reply->header.counts[DNS_ANSWERS];
}

static int ask_one(const struct place *server, const struct dns_question *question,
                   struct progress *progress)
{
	struct dns_reply *reply = malloc(sizeof *reply);
	int result = reply == NULL ? -1 : dns_ask(server, question, DNS_RD, reply);
	if (result == 0) {
		on_told(progress, server, reply, NULL);
		on_found(progress, reply);
	}
	free(reply);
	return result;
}

static int look_up(const struct place *server, const struct dns_question *question, bool recursive)
{
	struct progress progress = {0};
	struct resolution resolution = {.root = *server,
	                                .questions = QUESTIONS,
	                                .told = on_told,
	                                .found = on_found,
	                                .arg = &progress};
	int result = recursive ? ask_one(server, question, &progress)
	                       : dns_resolve(&resolution, question);
	if (result < 0) {
		printf("No answer: %s\n", strerror(errno));
		return 1;
	}
	printf("Answers needed: %d\n", progress.n_answers);
	return progress.rcode == DNS_OK && progress.n_records > 0 ? 0 : 1;
}

static int usage(FILE *out)
{
	fprintf(out, "usage: client [-h] [-r] [-n times] [name [type [address [port]]]]"
	             "    (www.wirelab.test A 127.0.0.1 8080)\n");
	return out == stdout ? 0 : 2;
}

static uint16_t type_of(const char *word)
{
	static const enum dns_type known[] = {DNS_A, DNS_NS, DNS_CNAME, DNS_SOA, DNS_TXT, DNS_AAAA};
	char text[DNS_TYPE_TEXT];
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(dns_type_text((uint16_t)known[i], text), word) == 0)
			return (uint16_t)known[i];
	return 0;
}

int main(int argc, char **argv)
{
	bool recursive = false;
	long times = 1;
	int letter;
	while ((letter = getopt(argc, argv, "hrn:")) != -1) {
		if (letter == 'n')
			times = strtol(optarg, NULL, 10);
		recursive |= letter == 'r';
		if (letter == 'h' || letter == '?' || times < 1 || times > MANY_TIMES)
			return usage(letter == 'h' ? stdout : stderr);
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	const char *words[] = {"www.wirelab.test", "A", "127.0.0.1", "8080"};
	struct dns_question question = {.class = DNS_IN};
	if (argc - optind > 4)
		return usage(stderr);
	for (int i = 0; optind + i < argc; i++)
		words[i] = argv[optind + i];
	question.type = type_of(words[1]);
	if (question.type == 0 || dns_name_of(&question.name, words[0]) < 0)
		return usage(stderr);

	struct place server = {words[2], words[3]};
	int status = 0;
	while (times-- > 0)
		status = look_up(&server, &question, recursive);
	return status;
}
