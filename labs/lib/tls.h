/* tls.h: what the labs with TLS share, in programs that hold OpenSSL's connections (SSL)
 * themselves. It encrypts nothing itself, and decides nothing: which versions, suites and
 * certificates are good enough stands in the labs. TLS 1.3 is RFC 8446, 1.2 RFC 5246. */
#ifndef LABS_LIB_TLS_H
#define LABS_LIB_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says "PROGRAM: what: the reason that OpenSSL has" on stderr and ends with status 1. */
_Noreturn void tls_die(const char *what);

/* From now on a send() to a peer that has gone fails and does not kill: OpenSSL calls write(),
 * which knows no MSG_NOSIGNAL. And if SSLKEYLOGFILE is set, the keys of each connection are
 * appended to that file: who has it and a capture can read everything. Ends the process when that
 * cannot be. */
void tls_prepare(SSL_CTX *context);

/* After a call on a non-blocking connection that did not succeed: waits until it makes sense to
 * call it again, which is true. False when it never will, or when the time is up (now_us() of
 * net.h): then tls_reason() tells why. */
bool tls_again(SSL *ssl, int result, int64_t until_us);

/* Why that call failed, in words for people, without a full stop; `text` is where they are put. */
const char *tls_reason(const SSL *ssl, int result, char *text, size_t size);

#endif
