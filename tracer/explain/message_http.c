/* message_http.c: what HTTP/1.x messages mean (RFC 9110, RFC 9112), and who must speak next. */
#include "explain/rule.h"

static bool is_request(const struct scene *c)
{
	return message_is(c, "http", "request");
}

static bool is_method(const struct scene *c, const char *method)
{
	return is_request(c) && message_says(c, "http.request.method", method);
}

static int status_of(const struct scene *c)
{
	return message_is(c, "http", "response") ? message_number(c, "http.response.code") : -1;
}

static bool upgrade_request(const struct scene *c)
{
	return is_request(c) && message_has(c, "http.upgrade");
}
static bool get(const struct scene *c)
{
	return is_method(c, "GET");
}
static bool head(const struct scene *c)
{
	return is_method(c, "HEAD");
}
static bool connect_request(const struct scene *c)
{
	return is_method(c, "CONNECT");
}
static bool request_with_body(const struct scene *c)
{
	return is_request(c) && message_has(c, "http.body_length");
}
static bool switching(const struct scene *c)
{
	return status_of(c) == 101;
}
static bool interim(const struct scene *c)
{
	return status_of(c) >= 100 && status_of(c) < 200;
}
static bool no_content(const struct scene *c)
{
	return status_of(c) == 204;
}
static bool success(const struct scene *c)
{
	return status_of(c) >= 200 && status_of(c) < 300;
}
static bool not_modified(const struct scene *c)
{
	return status_of(c) == 304;
}
static bool redirect(const struct scene *c)
{
	return status_of(c) >= 300 && status_of(c) < 400 && message_has(c, "http.location");
}
static bool vague_redirect(const struct scene *c)
{
	return status_of(c) >= 300 && status_of(c) < 400;
}
static bool client_error(const struct scene *c)
{
	return status_of(c) >= 400 && status_of(c) < 500;
}
static bool server_error(const struct scene *c)
{
	return status_of(c) >= 500;
}

#define ANSWER_NEXT N_("The {peer} must answer: a status line, headers, perhaps a body.")
#define CLIENT_NEXT "{after_answer}"

const struct rule http_rules[] = {
        {upgrade_request, N_("HTTP request: {method} {uri}, and a wish to speak {upgrade}"),
         N_("The {me} asks for {uri} and offers to speak {upgrade} on this connection from then "
            "on."),
         N_("The {peer} answers 101 and changes the protocol, or answers as to any other request "
            "and does not."),
         "RFC 9110 section 7.8"},
        {connect_request, N_("HTTP request: a tunnel to {uri}"),
         N_("The {me} asks a proxy for a way through to {uri}."),
         N_("With a 2xx status the {peer} passes on bytes in both directions and looks at them no "
            "more."),
         "RFC 9110 section 9.3.6"},
        {get, N_("HTTP request: {method} {uri}"),
         N_("The {me} wants what {uri} names on {host}. GET only reads: asking twice does no "
            "harm."),
         ANSWER_NEXT, "RFC 9110 section 9.3.1"},
        {head, N_("HTTP request: {method} {uri}"),
         N_("The {me} wants only the headers that GET {uri} on {host} would bring."),
         N_("The {peer} answers with headers and without a body, whatever Content-Length says."),
         "RFC 9110 section 9.3.2"},
        {request_with_body, N_("HTTP request: {method} {uri} with a body"),
         N_("The {me} sends {body} to {uri} on {host}. How long the body is, the headers say: "
            "Content-Length or chunks."),
         ANSWER_NEXT, "RFC 9112 section 6"},
        {is_request, N_("HTTP request: {method} {uri}"),
         N_("The {me} asks for {method} of {uri} on {host}."), ANSWER_NEXT, "RFC 9110 section 9"},
        {switching, N_("HTTP response: {code}, from here on {upgrade}"),
         N_("The {me} agrees: behind the empty line both ends speak {upgrade}."),
         N_("Whatever the new protocol says; either end may speak."), "RFC 9110 section 15.2.2"},
        {interim, N_("HTTP response: {code}, not yet the answer"),
         N_("The {me} has read the headers and will answer; with 100 it asks for the body."),
         N_("The {peer} sends the body that it has held back; then the {me} answers."),
         "RFC 9110 section 15.2"},
        {no_content, N_("HTTP response: {code}, done and nothing to show"),
         N_("The request succeeded. 204 never has a body: the empty line is its end."), CLIENT_NEXT,
         "RFC 9110 section 15.3.5"},
        {success, N_("HTTP response: {code}, success"),
         N_("The {me} has done what was asked, and sends {body} with it."), CLIENT_NEXT,
         "RFC 9110 section 15.3"},
        {not_modified, N_("HTTP response: {code}, what you have is still good"),
         N_("The {peer} said which version it has, and that is the present one: no body comes."),
         CLIENT_NEXT, "RFC 9110 section 15.4.5"},
        {redirect, N_("HTTP response: {code}, look elsewhere"),
         N_("What was asked for is at {location}."),
         N_("The {peer} asks there, perhaps on another connection."), "RFC 9110 section 15.4"},
        {vague_redirect, N_("HTTP response: {code}, look elsewhere"),
         N_("What was asked for is elsewhere, and no Location says where: the {peer} cannot go "
            "there by itself."),
         CLIENT_NEXT, "RFC 9110 section 15.4"},
        {client_error, N_("HTTP response: {code}, the request is at fault"),
         N_("The {me} cannot or will not do what the {peer} asks, and sends {body} with it."),
         CLIENT_NEXT, "RFC 9110 section 15.5"},
        {server_error, N_("HTTP response: {code}, the server is at fault"),
         N_("The request may be right, the {me} failed. It sends {body} with it."), CLIENT_NEXT,
         "RFC 9110 section 15.6"},
        {0},
};
