/* message_dns.c: what DNS messages mean (RFC 1034, RFC 1035), and who must speak next. */
#include <string.h>

#include "explain/rule.h"

static bool is_query(const struct scene *c)
{
	return message_is(c, "dns", "query");
}

static bool is_response(const struct scene *c)
{
	return message_is(c, "dns", "response");
}

static bool flag(const struct scene *c, const char *word)
{
	return strstr(message_text(c, "dns.flags"), word) != NULL;
}

static bool rcode(const struct scene *c, const char *name)
{
	return is_response(c) && message_says(c, "dns.flags.rcode", name);
}

static bool recursive_query(const struct scene *c)
{
	return is_query(c) && flag(c, "recursion desired");
}
/* No question is known that it belongs to. */
static bool unasked(const struct scene *c)
{
	return is_response(c) && c->event->message.request_frame == 0;
}
static bool truncated(const struct scene *c)
{
	return is_response(c) && flag(c, "truncated");
}
static bool no_such_name(const struct scene *c)
{
	return rcode(c, "NXDOMAIN");
}
static bool failed(const struct scene *c)
{
	return is_response(c) && !rcode(c, "NOERROR");
}
static bool answered(const struct scene *c)
{
	return is_response(c) && message_has(c, "dns.answer");
}
static bool referral(const struct scene *c)
{
	return is_response(c) && !flag(c, "authoritative") && message_has(c, "dns.ns");
}
static bool multicast(const struct scene *c)
{
	return message_is(c, "mdns", NULL) || message_is(c, "llmnr", NULL);
}

const struct rule dns_rules[] = {
        {recursive_query, N_("DNS query: {type} of {name}, and find out for me"),
         N_("The {me} asks which {type} records {name} has. \"Recursion desired\": the server is "
            "to go and ask others, and to come back with the answer."),
         N_("The {peer} answers with the same id. Over UDP nothing promises that: the {me} waits, "
            "asks again, and gives up after a while."),
         "RFC 1035 section 4.1"},
        {is_query, N_("DNS query: {type} of {name}"),
         N_("The {me} asks which {type} records {name} has, and wants only what this server knows "
            "itself: an answer, or who knows more."),
         N_("The {peer} answers with the same id: the records, or a referral to other servers."),
         "RFC 1034 section 4.3.1"},
        {unasked, N_("DNS response without a question"),
         N_("It says: {summary}. No question was seen that has its id and comes from where it goes "
            "to: it "
            "is late, or forged, or the question is not in the capture."),
         N_("Who gets an answer with another id or from another address than it has asked must "
            "ignore it and go on waiting."),
         "RFC 5452 section 9.1"},
        {truncated, N_("DNS response: it does not fit"),
         N_("The answer for {name} is longer than a datagram may be, so its end is left out and "
            "\"truncated\" is set."),
         N_("The {peer} asks the same once more over TCP."), "RFC 1035 section 4.2, RFC 7766"},
        {no_such_name, N_("DNS response: {name} does not exist"),
         N_("{rcode}: there is no such name, for no type of record. The authority section says for "
            "how long this may be remembered."),
         N_("Nothing on this question; the {peer} may try another name."), "RFC 2308"},
        {failed, N_("DNS response: {rcode}"),
         N_("The {me} does not answer the question for {name}: {rcode}."),
         N_("The {peer} may ask another server."), "RFC 1035 section 4.1.1"},
        {answered, N_("DNS response: {type} of {name}"),
         N_("The answer: {answer}. The number behind a name is how many seconds that may be kept."),
         N_("Nothing more here: the {peer} uses the answer, often by connecting to the address."),
         "RFC 1035 section 4.1"},
        {referral, N_("DNS response: others know more about {name}"),
         N_("The {me} has no {type} record of {name} and names servers that are nearer to it."),
         N_("The {peer} asks one of them the same."), "RFC 1034 section 4.3.1"},
        {is_response, N_("DNS response: {name} has no {type} record"),
         N_("The name exists, but it has no record of that type."),
         N_("Nothing on this question; the {peer} may ask for another type."), "RFC 2308"},
        {multicast, N_("{protocol} {kind}: a name among neighbours"),
         N_("{summary}. It goes to everybody on the link: who has the name answers, no server is "
            "needed."),
         NULL, "RFC 6762, RFC 4795"},
        {0},
};
