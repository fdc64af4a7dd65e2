/* rule.h: how a sentence is made, for the files of this folder. A rule is a condition and a few
 * sentences with {words} in them; a word is a name and a function that appends its value. The rules
 * of a kind of event are tried in order, the first that applies speaks.
 *
 * Words are named, not numbered: a translator can move and repeat them freely. */
#ifndef WIRELAB_EXPLAIN_RULE_H
#define WIRELAB_EXPLAIN_RULE_H

#include "base/i18n.h"
#include "explain/explain.h"

/* Where a segment's first sequence number stands against what its sender had sent before. */
enum seq_place { SEQ_UNKNOWN, SEQ_NEXT, SEQ_BELOW, SEQ_AHEAD };

/* One event with the facts that several rules need. For a segment "I" am its sender. */
struct scene {
	const struct event *event;
	bool translated;           /* the thread's language has a catalogue */
	const struct segment *seg; /* NULL for other kinds; the members below belong to it */
	enum side me, peer;
	const struct tcb *mine, *theirs;             /* before the segment */
	const struct tcb *mine_after, *theirs_after; /* after it was sent and has arrived */
	uint32_t base[N_SIDES];  /* raw sequence number that counts as 0, per sender */
	bool has_base[N_SIDES];  /* that number is known */
	uint32_t end;            /* relative number after its last one (SYN and FIN count 1) */
	enum seq_place place;    /* of seq */
	bool all_old;            /* every number it carries had been sent before */
	uint32_t acked;          /* numbers of the peer that it acknowledges for the first time */
	uint32_t acked_bytes;    /* of these, payload */
	bool acks_syn, acks_fin; /* of these, the peer's SYN, the peer's FIN */
	uint32_t flying;         /* numbers of the peer that stay unacknowledged */
	const struct diagnosis *found; /* while a diagnosis is told, that one */
};

void scene_set(struct scene *scene, const struct event *event);

/* Bytes of the window that was announced before and that this segment's no longer covers; 0 when
 * that is no more than the rounding of a scaled window. */
uint32_t taken_back(const struct scene *scene);

/* This end has sent its FIN, which is not acknowledged yet. */
bool waits_for_ack_of_fin(const struct tcb *tcb);

/* It is the server's, which has sent nothing but its SYN, and no call is known that it goes out
 * for: for all that is seen the connection may still lie in the accept queue. */
bool may_wait_for_accept(const struct scene *scene);

/* The translation of a marked sentence, or itself where there is no catalogue: a look-up in gettext
 * costs as much as the sentence. */
const char *tr(const struct scene *scene, const char *sentence);

/* ---- words ---- */
struct word {
	const char *name;
	void (*add)(struct text *t, const struct scene *scene);
};

/* Words in alphabetical order (they are searched by halves). */
struct vocabulary {
	const struct word *words;
	size_t n;
};

/* The word of that name (n bytes), or NULL. */
const struct word *word_find(const struct vocabulary *vocabulary, const char *name, size_t n);

/* Appends the translation of `sentence` with each {word} replaced; "{{" is a brace. */
void say(struct text *t, const struct vocabulary *vocabulary, const char *sentence,
         const struct scene *scene);

/* "1 byte", "13 bytes". */
void add_bytes(struct text *t, const struct scene *scene, uint64_t n);
/* "client" or "server", translated. */
void add_role(struct text *t, const struct scene *scene, enum side side);

/* ---- rules ---- */
struct rule {
	bool (*applies)(const struct scene *scene);
	const char *title, *what, *next; /* marked English with {words}; next may be NULL */
	const char *rfc;                 /* never translated; may be NULL */
};

/* What explains one kind of event: lists of rules (each list ends with applies NULL), tried in
 * order, the words they may use, and what is added once a rule has spoken (may be NULL). */
struct topic {
	const struct rule *const *lists; /* ends with NULL */
	const struct vocabulary *vocabulary;
	void (*finish)(struct explanation *explanation, struct scene *scene);
};

/* The topic of each kind of event. */
const struct topic *topic_of(enum event_kind kind);

/* Appends which variables of both ends the segment changes, "Client: SND.NXT 1 -> 14." */
void add_changes(struct text *t, const struct scene *scene);

/* The segment's diagnosis of that label, or NULL. */
const struct diagnosis *find_diagnosis(const struct scene *scene, enum diagnosis_label label);

/* Appends which call of its sender's program the segment goes out for; nothing when none is known.
 */
void add_cause(struct text *t, const struct scene *scene);

/* Appends what the segment's diagnoses are based on, a sentence or two for each. */
void add_diagnoses(struct text *t, struct scene *scene);

/* Appends what a SYN's options offer, a sentence with a space in front; nothing where it has none.
 */
void add_offers(struct text *t, const struct scene *scene);

/* Appends which frames a packet was put together from, a sentence with a space in front; nothing
 * when it came in one. */
void add_fragments(struct text *t, const struct scene *scene);

/* ---- messages: for the rules of each protocol ---- */

/* The message is of that protocol, and (if not NULL) of that kind. */
bool message_is(const struct scene *scene, const char *protocol, const char *kind);

/* The value of a field, "" where there is none; whether there is one; whether it is just that. */
const char *message_text(const struct scene *scene, const char *field);
bool message_has(const struct scene *scene, const char *field);
bool message_says(const struct scene *scene, const char *field, const char *value);

/* The value of a field as a number, or -1. */
int message_number(const struct scene *scene, const char *field);

/* What its rule leaves out: what is wrong, which frames carried it, how long it took. */
void finish_message(struct explanation *explanation, struct scene *scene);

/* ---- the parts, one file each ---- */
extern const struct vocabulary segment_words, packet_words, story_words, call_words, passage_words,
        kernel_words, cause_words, message_words;

extern const struct rule reset_rules[];     /* reset.c */
extern const struct rule handshake_rules[]; /* handshake.c */
extern const struct rule teardown_rules[];  /* teardown.c */
extern const struct rule data_rules[];      /* data.c */
extern const struct rule ack_rules[];       /* acks.c */
extern const struct rule datagram_rules[];  /* packets.c: UDP */
extern const struct rule frame_rules[];     /* packets.c: ARP, ICMP, what is not decoded */
extern const struct rule message_rules[];   /* message.c: any message of an application */
extern const struct rule http_rules[];      /* message_http.c */
extern const struct rule dns_rules[];       /* message_dns.c */
extern const struct rule tls_rules[];       /* message_tls.c */
extern const struct rule websocket_rules[]; /* message_websocket.c */
extern const struct rule smtp_rules[];      /* message_smtp.c */
extern const struct rule ftp_rules[];       /* message_ftp.c */
extern const struct rule session_rules[];   /* story.c: */
extern const struct rule capture_rules[];
extern const struct rule connection_rules[];
extern const struct rule program_rules[];
extern const struct rule output_rules[];
extern const struct rule note_rules[];
extern const struct rule call_rules[];    /* call.c */
extern const struct rule cause_rules[];   /* call.c: the call behind a segment; only `what` */
extern const struct rule kernel_rules[];  /* kernel.c */
extern const struct rule wire_rules[];    /* passage.c: what the wire tells of frames under way */
extern const struct rule passage_rules[]; /* passage.c: what it did to a frame; `title` is put
                                             behind the frame's own, `next` in place of it */

#endif
