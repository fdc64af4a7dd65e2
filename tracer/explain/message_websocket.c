/* message_websocket.c: what WebSocket's frames mean (RFC 6455), and who must speak next. */
#include "explain/rule.h"

static bool is_frame(const struct scene *c)
{
	return message_is(c, "websocket", NULL);
}

static bool is_kind(const struct scene *c, const char *kind)
{
	return message_is(c, "websocket", kind);
}

static bool is_data(const struct scene *c)
{
	return is_kind(c, "text") || is_kind(c, "binary") || is_kind(c, "continuation");
}

static bool is_last(const struct scene *c)
{
	return message_number(c, "websocket.fin") == 1;
}

static bool is_answer(const struct scene *c)
{
	return c->event->message.request_frame != 0;
}

static bool compressed(const struct scene *c)
{
	return is_data(c) && message_number(c, "websocket.pmc") == 1;
}
static bool last_fragment(const struct scene *c)
{
	return is_kind(c, "continuation") && is_last(c);
}
static bool middle_fragment(const struct scene *c)
{
	return is_kind(c, "continuation");
}
static bool first_fragment(const struct scene *c)
{
	return is_data(c) && !is_last(c);
}
static bool masked_data(const struct scene *c)
{
	return is_data(c) && message_number(c, "websocket.mask") == 1;
}
static bool ping(const struct scene *c)
{
	return is_kind(c, "ping");
}
static bool answering_pong(const struct scene *c)
{
	return is_kind(c, "pong") && is_answer(c);
}
static bool pong(const struct scene *c)
{
	return is_kind(c, "pong");
}
static bool closing_answer(const struct scene *c)
{
	return is_kind(c, "close") && is_answer(c);
}
static bool close_for_fault(const struct scene *c)
{
	int code = message_number(c, "websocket.payload.close.status_code");
	return is_kind(c, "close") &&
	       (code == 1002 || code == 1003 || (code >= 1007 && code <= 1009));
}
static bool closing(const struct scene *c)
{
	return is_kind(c, "close");
}

#define ANYBODY_NEXT N_("Nobody has to answer: either end may speak at any time.")
#define CLOSE_NEXT                                                                                 \
	N_("The {peer} answers with a close frame of its own. Then the server closes the TCP "     \
	   "connection, so that TIME-WAIT is on its side.")

const struct rule websocket_rules[] = {
        {compressed, N_("WebSocket: {summary}"),
         N_("The first reserved bit says that the message is compressed (permessage-deflate, which "
            "both ends agreed on in the handshake): these bytes are not what the application "
            "sent."),
         ANYBODY_NEXT, "RFC 7692 section 6"},
        {last_fragment, N_("WebSocket: {summary}"),
         N_("The last fragment (FIN is set): with it the {peer} has the message whole and gives it "
            "to its application."),
         ANYBODY_NEXT, "RFC 6455 section 5.4"},
        {middle_fragment, N_("WebSocket: {summary}"),
         N_("One more fragment of the message that the {me} has begun; FIN is not set."),
         N_("More fragments from the {me}; only ping, pong and close may come in between."),
         "RFC 6455 section 5.4"},
        {first_fragment, N_("WebSocket: {summary}"),
         N_("The {me} begins a message whose length it need not know yet: FIN is not set, the rest "
            "comes in continuation frames."),
         N_("Continuation frames from the {me}; only ping, pong and close may come in between."),
         "RFC 6455 section 5.4"},
        {masked_data, N_("WebSocket: {summary}"),
         N_("A whole message in one frame. A client masks what it sends with a key that it draws "
            "anew for each frame and puts in front, so that no box on the way takes a script's "
            "bytes for a request of HTTP. That hides nothing from an onlooker."),
         ANYBODY_NEXT, "RFC 6455 section 5.3"},
        {is_data, N_("WebSocket: {summary}"),
         N_("A whole message in one frame. What the server sends is not masked, and needs no "
            "request: it may push."),
         ANYBODY_NEXT, "RFC 6455 section 5.6"},
        {ping, N_("WebSocket: {summary}"),
         N_("The {me} asks whether the {peer} is still there. It also keeps boxes on the way from "
            "forgetting an idle connection."),
         N_("The {peer} must answer with a pong that carries the same bytes, as soon as it can."),
         "RFC 6455 section 5.5.2"},
        {answering_pong, N_("WebSocket: {summary}"),
         N_("The {me} is still there: the same bytes as in the ping of frame {request_frame}."),
         ANYBODY_NEXT, "RFC 6455 section 5.5.3"},
        {pong, N_("WebSocket: {summary}"),
         N_("A pong that nobody asked for: a sign of life in one direction, which needs no "
            "answer."),
         ANYBODY_NEXT, "RFC 6455 section 5.5.3"},
        {closing_answer, N_("WebSocket: {summary}"),
         N_("The {me} has nothing more to say either: it answers the close frame of frame "
            "{request_frame}. The conversation is over, the TCP connection not yet."),
         N_("The server closes the TCP connection, the client waits for that: so TIME-WAIT is on "
            "the server's side."),
         "RFC 6455 section 7.1.1"},
        {close_for_fault, N_("WebSocket: {summary}"),
         N_("The {me} gives up because of what the {peer} has sent. The code says why."),
         CLOSE_NEXT, "RFC 6455 section 7.4.1"},
        {closing, N_("WebSocket: {summary}"),
         N_("The {me} will send no more messages and says why. TCP's FIN could not: it has no "
            "reason in it, and would come even if the program had died."),
         CLOSE_NEXT, "RFC 6455 section 5.5.1"},
        {is_frame, N_("WebSocket: a frame with a reserved opcode"),
         N_("Opcodes 3 to 7 and 11 to 15 have no meaning yet."),
         N_("The {peer} must give up: a close frame with 1002."), "RFC 6455 section 5.2"},
        {0},
};
