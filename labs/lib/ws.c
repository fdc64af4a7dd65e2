/* ws.c: the bytes of WebSocket, for both ends. See ws.h. */
#include "lib/ws.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* ---- the handshake, section 1.3 ---- */

void ws_make_key(char key[WS_KEY_BYTES])
{
	unsigned char bytes[16];
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		die("getrandom"); /* so few come at once, or not at all (man page) */
	(void)EVP_EncodeBlock((unsigned char *)key, bytes, sizeof bytes); /* cannot fail */
}

void ws_accept(char accept[WS_ACCEPT_BYTES], struct text key)
{
	static const char word[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char both[128];
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len;
	int n = snprintf(both, sizeof both, "%.*s%s", key.n < 64 ? (int)key.n : 64, key.at, word);
	if (!EVP_Digest(both, (size_t)n, digest, &digest_len, EVP_sha1(), NULL))
		die("SHA-1");
	(void)EVP_EncodeBlock((unsigned char *)accept, digest, (int)digest_len); /* as above */
}

/* ---- frames, section 5.2 ---- */

static uint64_t big_endian(const char *bytes, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

static bool is_opcode(int opcode)
{
	return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

int ws_read_head(struct ws_frame *frame, const char *bytes, size_t n)
{
	if (n < 2)
		return 0;
	int first = (unsigned char)bytes[0], second = (unsigned char)bytes[1], len = second & 0x7f;
	size_t more = len == 127 ? 8 : len == 126 ? 2 : 0, mask = second & 0x80 ? 4 : 0;
	*frame = (struct ws_frame){.fin = first & 0x80, .masked = mask > 0, .opcode = first & 0x0f};
	bool control = frame->opcode >= WS_CLOSE;
	if ((first & 0x70) != 0 || !is_opcode(frame->opcode) ||
	    (control && (!frame->fin || len > WS_CONTROL_MAX)))
		return -WS_PROTOCOL_ERROR;
	if (n < 2 + more + mask)
		return 0;
	frame->len = more > 0 ? big_endian(bytes + 2, more) : (uint64_t)len;
	if ((more == 2 && frame->len < 126) || (more == 8 && frame->len <= UINT16_MAX) ||
	    frame->len > INT64_MAX)
		return -WS_PROTOCOL_ERROR;
	memcpy(frame->mask, bytes + 2 + more, mask);
	return (int)(2 + more + mask);
}

size_t ws_write_head(char head[WS_HEAD_MAX], const struct ws_frame *frame)
{
	size_t more = frame->len > UINT16_MAX ? 8 : frame->len > WS_CONTROL_MAX ? 2 : 0, n = 2;
	int len = more == 8 ? 127 : more == 2 ? 126 : (int)frame->len;
	head[0] = (char)((frame->fin ? 0x80 : 0) | frame->opcode);
	head[1] = (char)((frame->masked ? 0x80 : 0) | len);
	for (; more > 0; more--)
		head[n++] = (char)(frame->len >> 8 * (more - 1));
	if (frame->masked)
		memcpy(head + n, frame->mask, sizeof frame->mask);
	return n + (frame->masked ? sizeof frame->mask : 0);
}

void ws_mask(char *bytes, size_t n, const unsigned char mask[4])
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)((unsigned char)bytes[i] ^ mask[i % 4]);
}

/* ---- what is said in them ---- */

/* How many bytes a character has that begins so, and the least that may come after the first; 0:
 * none begins so. RFC 3629 section 4. */
static size_t shape(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	*high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	return first < 0x80                    ? 1
	       : first >= 0xc2 && first < 0xe0 ? 2
	       : first >= 0xe0 && first < 0xf0 ? 3
	       : first >= 0xf0 && first < 0xf5 ? 4
	                                       : 0;
}

bool ws_is_utf8(const char *bytes, size_t n)
{
	const unsigned char *at = (const unsigned char *)bytes;
	while (n > 0) {
		unsigned char low, high;
		size_t len = shape(*at, &low, &high);
		if (len == 0 || len > n || (len > 1 && (at[1] < low || at[1] > high)))
			return false;
		for (size_t i = 2; i < len; i++)
			if ((at[i] & 0xc0) != 0x80)
				return false;
		at += len;
		n -= len;
	}
	return true;
}

int ws_close_code(const char *payload, size_t n)
{
	if (n == 0)
		return WS_NO_CODE;
	int code = n < 2 ? 0 : (int)big_endian(payload, 2);
	bool known =
	        (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	        (code >= 3000 && code <= 4999);
	if (!known)
		return -WS_PROTOCOL_ERROR;
	return ws_is_utf8(payload + 2, n - 2) ? code : -WS_NOT_UTF8;
}
