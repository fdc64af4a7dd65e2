/* fuzz.h: what the fuzz targets share: the claims that hold whatever the bytes, and files in
 * memory. A claim that does not hold ends the process, and libFuzzer keeps the bytes. */
#ifndef WIRELAB_TESTS_FUZZ_H
#define WIRELAB_TESTS_FUZZ_H

#include "sink/sink.h"

/* What each target defines, and libFuzzer calls with bytes of its choice. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with the claim's text when it does not hold. */
#define CLAIM(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *claim, const char *file, int line);

/* The link type that a byte of the input stands for: each that we decode, and some that we do not.
 */
int fuzz_linktype(unsigned byte);

/* A file in memory with these bytes, read from its start. Never fails: it ends the process. */
int fuzz_file(const uint8_t *data, size_t size);

/* Offsets and lengths of a decoded packet lie inside it. */
void fuzz_claim_packet(const struct packet *packet);

/* No byte that a terminal would obey, and nothing but UTF-8; `also`: allowed all the same. */
void fuzz_claim_printable(const char *bytes, size_t n, const char *also);

/* An event becomes a line of JSON that is read back and then written the same; it is explained, and
 * all sentences are printable. */
void fuzz_claim_event(const struct event *event);

/* A sink that makes these claims of each event and writes nothing. */
extern const struct sink_type fuzz_sink;

/* Opens one of the sinks that write text, chosen by the byte together with its options, on fd. */
void fuzz_open_sink(struct sink *sink, unsigned byte, int fd);

/* What has been written to the file is printable, colours apart; empties it. */
void fuzz_claim_output(int fd);

#endif
