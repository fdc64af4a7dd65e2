/* pki.h: an authority of our own, and the certificates of the labs with TLS, good ones and bad
 * ones. Real ones come from an authority that browsers know; these are made in a moment, by nobody
 * but us, and no machine trusts them. X.509 as in RFC 5280. Of sockets it knows nothing. */
#ifndef LABS_LIB_PKI_H
#define LABS_LIB_PKI_H

/* Where the labs' program `keys` makes them, before a run's two ends start, and where these look
 * for them. In a run /tmp is private. */
#define PKI_FOLDER "/tmp/pki"

/* Makes them all anew in `folder`, which is made when it is not there; no one else can read them.
 * Each is one file of PEM, its key (P-256, the same for all) behind it, for the name before
 * ".example":
 *     ca.pem             the authority: what a client has to be given, and no key
 *     www.pem            signed by it; also for localhost and the addresses of a lab's server
 *     www-rsa.pem        the same with a key of RSA, 2048 bits
 *     expired.pem        good until yesterday
 *     self-signed.pem    signed by itself
 *     wrong-name.pem     signed by the authority, but for other.example
 *     no-chain.pem       signed by an authority between, whose certificate is not with it
 *     middle.pem         for www.example and the same addresses, by an authority that nobody knows
 * Ends the process with a message when it cannot. */
void pki_make(const char *folder);

#endif
