/* websocket_words.c: the parts of WebSocket that know neither frame nor connection: the key of the
 * handshake (RFC 6455 section 4.2.2), close codes (section 7.4), UTF-8 in pieces (RFC 3629). */
#include <openssl/evp.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "stream/websocket.h"

bool websocket_key_fits(const char *key, const char *accept)
{
	enum { SHA1_BASE64 = 28 };
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned char answer[SHA1_BASE64 + 1];
	unsigned int n;
	TEXT(joined, 128);
	text_add(&joined, key);
	text_add(&joined, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	if (EVP_Digest(joined.bytes, joined.len, digest, &n, EVP_sha1(), NULL) != 1 || n != 20)
		return false;
	(void)EVP_EncodeBlock(answer, digest, (int)n); /* always 28 characters */
	return strcmp((const char *)answer, accept) == 0;
}

static const struct close_code {
	unsigned code;
	const char *words;
} close_codes[] = {
        {1000, N_("normal closure")},
        {1001, N_("going away")},
        {1002, N_("protocol error")},
        {1003, N_("a kind of data it cannot take")},
        {1007, N_("data that contradicts its kind")},
        {1008, N_("against its policy")},
        {1009, N_("message too big")},
        {1010, N_("an extension it needs is missing")},
        {1011, N_("internal error")},
        {1012, N_("service restarts")},
        {1013, N_("try again later")},
        {1014, N_("bad gateway")},
};

const char *websocket_close_words(unsigned code)
{
	for (size_t i = 0; i < sizeof close_codes / sizeof close_codes[0]; i++)
		if (close_codes[i].code == code)
			return close_codes[i].words;
	if (code >= 3000 && code < 4000)
		return N_("a code of a library");
	return code >= 4000 && code < 5000 ? N_("a code of the application") : NULL;
}

/* The first byte of a character: how many follow, and what the next may be. */
static void begin_character(struct websocket_utf8 *u, uint8_t byte)
{
	u->low = 0x80;
	u->high = 0xbf;
	if (byte < 0x80)
		return;
	u->left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	u->broken = byte < 0xc2 || byte > 0xf4;
	if (byte == 0xe0)
		u->low = 0xa0; /* else too long for what it says */
	if (byte == 0xed)
		u->high = 0x9f; /* else a surrogate */
	if (byte == 0xf0)
		u->low = 0x90;
	if (byte == 0xf4)
		u->high = 0x8f; /* else beyond U+10FFFF */
}

void websocket_utf8_add(struct websocket_utf8 *u, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n && !u->broken; i++) {
		if (u->left == 0) {
			begin_character(u, bytes[i]);
			continue;
		}
		u->broken = bytes[i] < u->low || bytes[i] > u->high;
		u->low = 0x80;
		u->high = 0xbf;
		u->left--;
	}
}
