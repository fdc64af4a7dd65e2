/* x509.c: the parts of a certificate, RFC 5280 section 4.1. */
#include "stream/x509.h"

#include <strings.h>

#include "stream/der.h"

/* ---- names (section 4.1.2.4) ---- */

static const struct attribute {
	const char *oid; /* in DER */
	const char *name;
} attributes[] = {
        {"\x55\x04\x03", "CN"},
        {"\x55\x04\x04", "SN"},
        {"\x55\x04\x05", "serialNumber"},
        {"\x55\x04\x06", "C"},
        {"\x55\x04\x07", "L"},
        {"\x55\x04\x08", "ST"},
        {"\x55\x04\x09", "street"},
        {"\x55\x04\x0A", "O"},
        {"\x55\x04\x0B", "OU"},
        {"\x55\x04\x0C", "title"},
        {"\x55\x04\x2A", "GN"},
        {"\x55\x04\x61", "organizationIdentifier"},
        {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01", "emailAddress"},
        {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x19", "DC"},
        {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x01", "UID"},
};

static bool is_common_name(struct cursor oid)
{
	return der_is(oid, attributes[0].oid, strlen(attributes[0].oid));
}

static void add_attribute(struct text *t, struct cursor oid)
{
	for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
		if (der_is(oid, attributes[i].oid, strlen(attributes[i].oid))) {
			text_add(t, attributes[i].name);
			return;
		}
	der_add_oid(t, oid);
}

/* AttributeTypeAndValue. `common` (may be NULL) gets the value of a CN. */
static bool read_attribute(struct cursor *set, struct text *t, struct text *common)
{
	struct cursor pair, oid, value;
	uint8_t tag;
	if (!der_expect(set, DER_SEQUENCE, &pair) || !der_expect(&pair, DER_OID, &oid) ||
	    !der_take(&pair, &tag, &value))
		return false;
	text_add(t, t->len > 0 ? ", " : "");
	add_attribute(t, oid);
	text_add_char(t, '=');
	der_add_string(t, tag, value);
	if (common && is_common_name(oid)) {
		text_clear(common);
		der_add_string(common, tag, value);
	}
	return true;
}

static bool read_name(struct cursor name, struct text *t, struct text *common)
{
	struct cursor set;
	while (cursor_left(&name) > 0) {
		if (!der_expect(&name, DER_SET, &set))
			return false;
		while (cursor_left(&set) > 0)
			if (!read_attribute(&set, t, common))
				return false;
	}
	return true;
}

bool x509_name_read(struct text *t, struct cursor der)
{
	struct cursor name;
	return der_expect(&der, DER_SEQUENCE, &name) && read_name(name, t, NULL);
}

/* ---- dates ---- */

/* The inverse of der_time(): civil date from days, the year beginning in March. */
static void add_date(struct text *t, int64_t seconds)
{
	int64_t days = seconds / 86400, left = seconds % 86400;
	if (left < 0) {
		left += 86400;
		days--;
	}
	int64_t z = days + 719468, era = z / 146097, doe = z % 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), m = (5 * doy + 2) / 153;
	int64_t month = m < 10 ? m + 3 : m - 9;
	text_add_uint_pad(t, (uint64_t)(yoe + era * 400 + (month <= 2)), 4);
	text_add_char(t, '-');
	text_add_uint_pad(t, (uint64_t)month, 2);
	text_add_char(t, '-');
	text_add_uint_pad(t, (uint64_t)(doy - (153 * m + 2) / 5 + 1), 2);
	text_add_char(t, ' ');
	text_add_uint_pad(t, (uint64_t)(left / 3600), 2);
	text_add_char(t, ':');
	text_add_uint_pad(t, (uint64_t)(left / 60 % 60), 2);
	text_add_char(t, ':');
	text_add_uint_pad(t, (uint64_t)(left % 60), 2);
}

static bool read_date(struct cursor *c, int64_t *seconds, char *words)
{
	struct cursor value;
	uint8_t tag;
	struct text t = text_of(words, X509_DATE);
	if (!der_take(c, &tag, &value) || !der_time(tag, value, seconds))
		return false;
	add_date(&t, *seconds);
	return true;
}

static bool read_validity(struct cursor *tbs, struct x509 *x)
{
	struct cursor validity;
	return der_expect(tbs, DER_SEQUENCE, &validity) &&
	       read_date(&validity, &x->not_before_s, x->not_before) &&
	       read_date(&validity, &x->not_after_s, x->not_after);
}

/* ---- the key (section 4.1.2.7) ---- */

static const struct key_kind {
	const char *oid, *name;
} curves[] =
        {
                {"\x2A\x86\x48\xCE\x3D\x03\x01\x07", "secp256r1"},
                {"\x2B\x81\x04\x00\x22", "secp384r1"},
                {"\x2B\x81\x04\x00\x23", "secp521r1"},
},
  keys[] = {
          {"\x2B\x65\x70", "Ed25519"},
          {"\x2B\x65\x71", "Ed448"},
};

static bool add_if_known(struct text *t, const struct key_kind *kinds, size_t n, struct cursor oid)
{
	for (size_t i = 0; i < n; i++)
		if (der_is(oid, kinds[i].oid, strlen(kinds[i].oid))) {
			text_add(t, kinds[i].name);
			return true;
		}
	return false;
}

/* RSAPublicKey is in the bit string: its modulus says how many bits. */
static void add_rsa(struct text *t, struct cursor bits)
{
	struct cursor key, modulus;
	cursor_skip(&bits, 1); /* no unused bits */
	text_add(t, "RSA");
	if (!der_expect(&bits, DER_SEQUENCE, &key) || !der_expect(&key, DER_INTEGER, &modulus))
		return;
	size_t n = cursor_left(&modulus);
	if (n > 0 && modulus.start[modulus.at] == 0)
		n--; /* the sign's byte */
	text_addf(t, " %zu bits", n * 8);
}

static bool read_key(struct cursor *tbs, struct x509 *x)
{
	static const char rsa[] = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";
	static const char ec[] = "\x2A\x86\x48\xCE\x3D\x02\x01";
	struct cursor info, algorithm, oid, curve, bits;
	struct text t = text_of(x->key, sizeof x->key);
	if (!der_expect(tbs, DER_SEQUENCE, &info) || !der_expect(&info, DER_SEQUENCE, &algorithm) ||
	    !der_expect(&algorithm, DER_OID, &oid) || !der_expect(&info, DER_BIT_STRING, &bits))
		return false;
	if (der_is(oid, rsa, sizeof rsa - 1)) {
		add_rsa(&t, bits);
	} else if (der_is(oid, ec, sizeof ec - 1)) {
		text_add(&t, "EC ");
		if (der_expect(&algorithm, DER_OID, &curve) &&
		    !add_if_known(&t, curves, sizeof curves / sizeof curves[0], curve))
			der_add_oid(&t, curve);
	} else if (!add_if_known(&t, keys, sizeof keys / sizeof keys[0], oid)) {
		der_add_oid(&t, oid);
	}
	return true;
}

/* ---- extensions (section 4.2) ---- */

/* GeneralName, section 4.2.1.6: names of hosts, addresses, mailboxes, URIs. */
static void add_general_name(struct text *t, uint8_t tag, struct cursor value)
{
	enum { MAIL = 0x81, DNS = 0x82, URI = 0x86, IP = 0x87 };
	size_t n = cursor_left(&value);
	const uint8_t *bytes = cursor_take(&value, n);
	if (!bytes || (tag != MAIL && tag != DNS && tag != URI && tag != IP))
		return;
	text_add(t, t->len > 0 ? ", " : "");
	if (tag != IP) {
		text_add_bytes(t, (const char *)bytes, n);
	} else if (n == 4 || n == 16) {
		struct addr addr = {.version = n == 4 ? 4 : 6};
		memcpy(addr.bytes, bytes, n);
		text_add_addr(t, &addr);
	}
}

static bool read_names(struct cursor value, struct x509 *x)
{
	struct text t = text_of(x->names, sizeof x->names);
	struct cursor names, name;
	uint8_t tag;
	if (!der_expect(&value, DER_SEQUENCE, &names))
		return false;
	while (cursor_left(&names) > 0) {
		if (!der_take(&names, &tag, &name))
			return false;
		add_general_name(&t, tag, name);
	}
	x->more_names = t.cut;
	return true;
}

static bool read_constraints(struct cursor value, struct x509 *x)
{
	struct cursor constraints, ca;
	if (!der_expect(&value, DER_SEQUENCE, &constraints))
		return false;
	x->is_ca = der_expect(&constraints, DER_BOOLEAN, &ca) && cursor_u8(&ca) != 0;
	return true;
}

static bool read_extension(struct cursor *list, struct x509 *x)
{
	static const char names[] = "\x55\x1D\x11", constraints[] = "\x55\x1D\x13";
	struct cursor extension, oid, critical, value;
	if (!der_expect(list, DER_SEQUENCE, &extension) || !der_expect(&extension, DER_OID, &oid))
		return false;
	(void)der_expect(&extension, DER_BOOLEAN, &critical); /* may be absent */
	if (!der_expect(&extension, DER_OCTET_STRING, &value))
		return false;
	if (der_is(oid, names, sizeof names - 1))
		return read_names(value, x);
	if (der_is(oid, constraints, sizeof constraints - 1))
		return read_constraints(value, x);
	return true;
}

static bool read_extensions(struct cursor *tbs, struct x509 *x)
{
	enum { ISSUER_ID = 0x81, SUBJECT_ID = 0x82, EXTENSIONS = 0xA3 };
	struct cursor skipped, explicit, list;
	(void)der_expect(tbs, ISSUER_ID, &skipped); /* each of these may be absent */
	(void)der_expect(tbs, SUBJECT_ID, &skipped);
	if (!der_expect(tbs, EXTENSIONS, &explicit))
		return cursor_left(tbs) == 0;
	if (!der_expect(&explicit, DER_SEQUENCE, &list))
		return false;
	while (cursor_left(&list) > 0)
		if (!read_extension(&list, x))
			return false;
	return true;
}

/* ---- the whole ---- */

static void add_serial(struct x509 *x, struct cursor serial)
{
	struct text t = text_of(x->serial, sizeof x->serial);
	size_t n = cursor_left(&serial);
	const uint8_t *bytes = cursor_take(&serial, n);
	if (bytes && n < sizeof x->serial / 2)
		text_add_hex_bytes(&t, bytes, n);
}

static bool same(struct cursor a, struct cursor b)
{
	size_t n = cursor_left(&a);
	return n == cursor_left(&b) && (n == 0 || memcmp(a.start + a.at, b.start + b.at, n) == 0);
}

/* TBSCertificate: section 4.1.2. */
bool x509_read(struct x509 *x, struct cursor der)
{
	enum { VERSION = 0xA0 };
	struct cursor certificate, tbs, skipped, serial, issuer, subject;
	*x = (struct x509){0};
	struct text by = text_of(x->issuer, sizeof x->issuer);
	struct text whose = text_of(x->subject, sizeof x->subject);
	struct text common = text_of(x->common_name, sizeof x->common_name);
	if (!der_expect(&der, DER_SEQUENCE, &certificate) ||
	    !der_expect(&certificate, DER_SEQUENCE, &tbs))
		return false;
	(void)der_expect(&tbs, VERSION, &skipped); /* version 1 does not say so */
	if (!der_expect(&tbs, DER_INTEGER, &serial) || !der_expect(&tbs, DER_SEQUENCE, &skipped) ||
	    !der_expect(&tbs, DER_SEQUENCE, &issuer) || !read_name(issuer, &by, NULL) ||
	    !read_validity(&tbs, x) || !der_expect(&tbs, DER_SEQUENCE, &subject) ||
	    !read_name(subject, &whose, &common) || !read_key(&tbs, x))
		return false;
	add_serial(x, serial);
	x->self_issued = same(issuer, subject);
	return read_extensions(&tbs, x);
}

/* ---- whose it is ---- */

/* "*.example.com" is for "a.example.com", not for "a.b.example.com" (RFC 6125 section 6.4.3). */
static bool name_matches(const char *name, size_t n, const char *host)
{
	if (n > 2 && name[0] == '*' && name[1] == '.') {
		const char *dot = strchr(host, '.');
		if (!dot || dot == host)
			return false;
		host = dot;
		name++;
		n--;
	}
	return strlen(host) == n && strncasecmp(name, host, n) == 0;
}

bool x509_is_for(const struct x509 *x, const char *host)
{
	if (x->names[0] == '\0')
		return name_matches(x->common_name, strlen(x->common_name), host);
	for (const char *name = x->names; *name;) {
		size_t n = strcspn(name, ",");
		if (name_matches(name, n, host))
			return true;
		name += n;
		name += strspn(name, ", ");
	}
	return x->more_names;
}
