/* tls_layer.h: TLS between the event loop (loop.h) and its sockets, for servers: with it in
 * service->layer, what a server reads and says is encrypted on the wire, and nothing else changes.
 * OpenSSL's calls are non-blocking here: what would wait says for which direction. What it accepts
 * stands in the SSL_CTX; of what is said it knows nothing. */
#ifndef LABS_LIB_TLS_LAYER_H
#define LABS_LIB_TLS_LAYER_H

#include <openssl/ssl.h>

#include "lib/loop.h"

/* A service with TLS: what loop_open() is given must be the first member of one of these. */
struct tls_service {
	struct service service; /* its layer: &tls_layer */
	SSL_CTX *context;       /* certificate, versions, suites; not freed here */
};

/* conn->layer is then the connection's SSL. Why one ends early is printed, a line each; a client
 * that speaks plain HTTP is told so in plain HTTP, as web servers do. */
extern const struct layer tls_layer;

#endif
