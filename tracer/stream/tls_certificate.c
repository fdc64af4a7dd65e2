/* tls_certificate.c: Certificate and CertificateRequest (RFC 8446 sections 4.3.2 and 4.4.2, RFC
 * 5246 sections 7.4.2 and 7.4.4). It says what anybody can see in the certificates; whether they
 * can be trusted only who has the authorities' keys can tell. */
#include <string.h>

#include "base/i18n.h"
#include "stream/tls.h"
#include "stream/tls_names.h"
#include "stream/x509.h"

static void add_if(struct message *m, const char *name, const char *value)
{
	if (value[0])
		message_add_text(m, name, value);
}

static void add_certificate(struct message *m, const struct x509 *x)
{
	add_if(m, "x509af.subject", x->subject);
	add_if(m, "x509af.issuer", x->issuer);
	add_if(m, "x509af.notBefore", x->not_before);
	add_if(m, "x509af.notAfter", x->not_after);
	add_if(m, "x509ce.subjectAltName", x->names);
	add_if(m, "x509af.subjectPublicKeyInfo", x->key);
	add_if(m, "x509af.serialNumber", x->serial);
}

/* The first one is whose the connection is. */
static void say_first(const struct tls_reading *r, const struct x509 *x)
{
	tls_say(r->m, " of ");
	tls_say(r->m, x->subject[0] ? x->subject : x->names);
	tls_say(r->m, x->self_issued ? ", signed by itself" : ", signed by ");
	tls_say(r->m, x->self_issued ? "" : x->issuer);
	tls_say(r->m, ", until ");
	message_say(r->m, x->not_after, strcspn(x->not_after, " "));
}

static void judge_first(const struct tls_reading *r, const struct x509 *x)
{
	int64_t now = r->time_ns / NS_PER_SECOND;
	if (now > x->not_after_s)
		message_trouble(r->m, N_("the certificate has expired"));
	else if (now < x->not_before_s)
		message_trouble(r->m, N_("the certificate is not valid yet"));
	else if (r->from == SERVER && r->tls->server_name[0] &&
	         !x509_is_for(x, r->tls->server_name))
		message_trouble(r->m, N_("the certificate is for another name than the client "
		                         "asked for"));
}

/* Each certifies the one before it. */
static void judge_next(const struct tls_reading *r, const char *issuer, const struct x509 *x)
{
	if (strcmp(issuer, x->subject) != 0)
		message_trouble(r->m, N_("the certificates are out of order: each has to certify "
		                         "the one before it"));
}

static void read_one(const struct tls_reading *r, struct cursor der, unsigned nth, char *issuer)
{
	struct x509 x;
	if (!x509_read(&x, der)) {
		message_trouble(r->m, N_("a certificate that is no X.509 in DER"));
		return;
	}
	add_certificate(r->m, &x);
	if (nth == 0) {
		say_first(r, &x);
		judge_first(r, &x);
	} else if (issuer[0]) {
		judge_next(r, issuer, &x);
	}
	memcpy(issuer, x.issuer, sizeof x.issuer);
}

bool tls_read_certificate(const struct tls_reading *r, struct cursor *c)
{
	char issuer[X509_TEXT] = "";
	unsigned n = 0;
	bool is_1_3 = r->tls->version == TLS_1_3;
	if (is_1_3)
		(void)tls_vector(c, 1); /* context */
	struct cursor list = tls_vector(c, 3);
	for (; tls_more(&list); n++) {
		struct cursor der = tls_vector(&list, 3);
		if (is_1_3)
			(void)tls_vector(&list, 2); /* its extensions */
		if (cursor_ok(&list))
			read_one(r, der, n, issuer);
	}
	message_add_uint(r->m, "tls.handshake.certificates_count", n);
	if (n == 0)
		tls_say(r->m, ", none");
	if (n == 0 && r->from == SERVER)
		message_trouble(r->m, N_("a server's certificate is missing"));
	return cursor_ok(c) && cursor_ok(&list);
}

/* ---- CertificateRequest ---- */

void tls_add_authorities(struct message *m, struct cursor names)
{
	while (tls_more(&names)) {
		TEXT(name, X509_TEXT);
		struct cursor der = tls_vector(&names, 2);
		if (cursor_ok(&names) && x509_name_read(&name, der))
			message_add(m, "x509if.RDNSequence", name.bytes, name.len);
	}
}

static void read_schemes(const struct tls_reading *r, struct cursor schemes)
{
	struct tls_list list;
	tls_list_begin(&list, r->m, "tls.handshake.sig_hash_alg");
	while (cursor_left(&schemes) >= 2) {
		TEXT(name, 40);
		tls_add_signature(&name, cursor_u16(&schemes));
		tls_list_add(&list, name.bytes, name.len);
	}
	tls_list_end(&list);
}

bool tls_read_certificate_request(const struct tls_reading *r, struct cursor *c)
{
	(void)tls_vector(c, 1); /* context; before 1.3: kinds of certificates */
	if (r->tls->version == TLS_1_3)
		return cursor_ok(c) && tls_read_extensions(r, c);
	if (r->tls->version == TLS_1_2)
		read_schemes(r, tls_vector(c, 2));
	tls_add_authorities(r->m, tls_vector(c, 2));
	return cursor_ok(c);
}
