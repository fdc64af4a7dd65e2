/* x509.h: what a person wants to know of a certificate (RFC 5280): for whom, by whom, how long. A
 * small reader of DER (X.690) over the checked cursor; it does not verify anything. */
#ifndef WIRELAB_STREAM_X509_H
#define WIRELAB_STREAM_X509_H

#include "base/cursor.h"
#include "base/text.h"

enum { X509_TEXT = 256, X509_SERIAL = 48, X509_KEY = 48, X509_DATE = 24 };

struct x509 {
	char subject[X509_TEXT];     /* "CN=a.example, O=Lab" */
	char issuer[X509_TEXT];      /* the same */
	char common_name[X509_TEXT]; /* the subject's last CN; "" none */
	char names[X509_TEXT];       /* subjectAltName: "a.example, *.b.example, 127.0.0.1" */
	bool more_names;             /* than names[] has room for */
	char serial[X509_SERIAL];    /* hexadecimal */
	char key[X509_KEY];          /* "RSA 2048 bits", "EC secp256r1" */
	char not_before[X509_DATE];  /* "2026-11-21 09:00:00" */
	char not_after[X509_DATE];   /* the same */
	int64_t not_before_s;        /* since the epoch */
	int64_t not_after_s;
	bool self_issued; /* subject and issuer are the same */
	bool is_ca;
};

/* Reads a certificate in DER. False: it is none, or its lengths lie; what was read before stays. */
bool x509_read(struct x509 *x, struct cursor der);

/* Is the certificate for that host (RFC 6125: its names, else its common name; a star stands for
 * the first label)? True as well if it has more names than are known. */
bool x509_is_for(const struct x509 *x, const char *host);

/* Reads a Name alone ("CN=Lab CA"), as a CertificateRequest has it. */
bool x509_name_read(struct text *t, struct cursor der);

#endif
