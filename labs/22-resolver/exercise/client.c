/* 22 resolver, your client: it writes its questions and reads the answers by hand (RFC 1035 section
 * 4). For each name on its input it asks the server for A, and prints what the name has, or is
 * another word for. What is missing has a TODO; the rest is done. `wirelab check 22` runs it and
 * tells what is wrong. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEADER = 12, FIXED = 10, QUERY_MAX = 300, NAME_TEXT = 256 };
enum { TYPE_A = 1, TYPE_CNAME = 5, CLASS_IN = 1, QR = 0x8000, RD = 0x0100 };
enum { WAIT_MS = 1000, TRIES = 3 };

/* A message, and how far it has been read; after the first byte that is missing, bad stays. */
struct message {
	uint8_t bytes[65535];
	size_t len, at;
	bool bad;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the question ---- */

static size_t put_16(uint8_t *to, unsigned value)
{
	to[0] = (uint8_t)(value >> 8); /* the larger part comes first */
	to[1] = (uint8_t)value;
	return 2;
}

/* Writes "www.example.com" as 3www7example3com0. How many bytes that are, or 0: it cannot be a
 * name. */
static size_t put_name(uint8_t *to, const char *name)
{
	/* TODO 1: each label, what stands between two dots, behind a byte that says how long it is;
	 * at the end the root, whose length is 0. Without the labels the question is about the root
	 * itself. A label has 1 to 63 bytes, all of it 255. RFC 1035 section 3.1 */
	(void)name;
	to[0] = 0;
	return 1;
}

/* Number, flags, four counts; then the one question: name, type, class. */
static size_t put_query(uint8_t *to, unsigned id, const char *name)
{
	const unsigned header[] = {id, RD, 1, 0, 0, 0};
	size_t len = 0;
	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		len += put_16(to + len, header[i]);
	size_t n = put_name(to + len, name);
	if (n == 0)
		return 0;
	len += n;
	len += put_16(to + len, TYPE_A);
	return len + put_16(to + len, CLASS_IN);
}

/* ---- the answer ---- */

static unsigned get_8(struct message *m)
{
	m->bad |= m->at >= m->len;
	return m->bad ? 0 : m->bytes[m->at++];
}

static unsigned get_16(struct message *m)
{
	unsigned upper = get_8(m);
	return upper << 8 | get_8(m);
}

/* Adds a label to the text, which has room for NAME_TEXT bytes. */
static void get_label(struct message *m, unsigned n, char *text)
{
	size_t used = strlen(text);
	if (n > 63 || used + n + 2 > NAME_TEXT) {
		m->bad = true;
		return;
	}
	if (used > 0)
		text[used++] = '.';
	for (unsigned i = 0; i < n; i++) {
		unsigned c = get_8(m);
		text[used++] = c > ' ' && c < 0x7f ? (char)c : '?'; /* it may hold any byte */
	}
	text[used] = '\0';
}

/* Reads a name. Two bits of a length that are set mean: the rest is over there. */
static void get_name(struct message *m, char *text)
{
	size_t began = m->at, behind = 0;
	unsigned n;
	text[0] = '\0';
	while ((n = get_8(m)) != 0 && !m->bad) {
		if ((n & 0xc0) != 0xc0) {
			get_label(m, n, text);
			continue;
		}
		/* TODO 2: the other 14 bits are the place in the message where the name goes on.
		 * Where does the message go on behind this name? And what if it points to itself?
		 * RFC 1035 section 4.1.4 */
		(void)began;
		m->bad = true;
	}
	if (behind != 0)
		m->at = behind;
}

/* Prints what is in it. */
static void print_answer(struct message *m)
{
	char name[NAME_TEXT], other[NAME_TEXT];
	m->at = 6;
	unsigned n = get_16(m);
	m->at = HEADER;
	get_name(m, name); /* the question once more */
	m->at += 4;
	if (n == 0)
		printf("%s: no address\n", name);
	for (; n > 0 && !m->bad; n--) {
		get_name(m, name);
		unsigned type = get_16(m);
		m->at += FIXED - 4; /* class and ttl */
		size_t len = get_16(m), data = m->at;
		m->bad |= len > m->len - data;
		if (!m->bad && type == TYPE_A && len == sizeof(struct in_addr))
			printf("%s has %s\n", name,
			       inet_ntop(AF_INET, m->bytes + data, other, NAME_TEXT));
		if (!m->bad && type == TYPE_CNAME) {
			get_name(m, other);
			printf("%s is %s\n", name, other);
		}
		m->at = data + len;
	}
	if (m->bad)
		printf("The answer is broken\n");
}

/* ---- on the wire ---- */

static int open_to(const char *host, const char *port, int type)
{
	struct addrinfo hints = {.ai_socktype = type, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *a;
	int error = getaddrinfo(host, port, &hints, &a);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	struct timeval limit = {.tv_sec = TRIES};
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 ||
	    connect(fd, a->ai_addr, a->ai_addrlen) < 0)
		die("cannot connect");
	freeaddrinfo(a);
	return fd;
}

/* All n bytes. False: the other end has closed before, or is silent. */
static bool receive_all(int fd, uint8_t *bytes, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, bytes, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes += got;
		n -= (size_t)got;
	}
	return true;
}

/* Over TCP each message has its length before it. */
static bool ask_by_tcp(const char *host, const char *port, const uint8_t *query, size_t n,
                       struct message *m)
{
	uint8_t message[2 + QUERY_MAX], length[2] = {0};
	int fd = open_to(host, port, SOCK_STREAM);
	memcpy(message + put_16(message, (unsigned)n), query, n);
	bool there = send(fd, message, n + 2, MSG_NOSIGNAL) == (ssize_t)n + 2 &&
	             receive_all(fd, length, 2);
	m->len = (size_t)length[0] << 8 | length[1];
	there = there && receive_all(fd, m->bytes, m->len);
	close(fd);
	return there;
}

/* Is this what we have asked for: the same number, and an answer? */
static bool is_ours(struct message *m, unsigned id)
{
	m->at = 0;
	m->bad = false;
	unsigned number = get_16(m), flags = get_16(m);
	return !m->bad && number == id && (flags & QR) != 0;
}

/* Waits for our answer, and passes over others. */
static bool wait_for(int fd, unsigned id, struct message *m)
{
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	for (;;) {
		int ready = poll(&wanted, 1, WAIT_MS);
		if (ready < 0 && errno == EINTR)
			continue;
		ssize_t n = ready > 0 ? recv(fd, m->bytes, sizeof m->bytes, 0) : -1;
		if (n < 0)
			return false;
		m->len = (size_t)n;
		if (is_ours(m, id))
			return true;
	}
}

static void look_up(const char *host, const char *port, const char *name, struct message *m)
{
	uint8_t query[QUERY_MAX];
	uint16_t id;
	if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
		die("getrandom");
	size_t n = put_query(query, id, name);
	if (n == 0) {
		printf("%s cannot be a name\n", name);
		return;
	}
	int fd = open_to(host, port, SOCK_DGRAM);
	bool there = false;
	for (int i = 0; i < TRIES && !there; i++) /* each of the two may have been lost */
		there = send(fd, query, n, 0) == (ssize_t)n && wait_for(fd, id, m);
	close(fd);
	/* TODO 3: is it cut? A server that has more to say than fits sets TC: look at the third
	 * byte of the header. RFC 1035 section 4.1.1 */
	bool cut = false;
	if (there && cut)
		there = ask_by_tcp(host, port, query, n, m) && is_ours(m, id);
	if (there)
		print_answer(m);
	else
		printf("%s: nobody answers\n", name);
}

int main(int argc, char **argv)
{
	static struct message message;
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [address [port]] <names    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	char line[NAME_TEXT];
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		look_up(host, port, line, &message);
	}
	if (ferror(stdin))
		die("input");
	return 0;
}
