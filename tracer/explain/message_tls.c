/* message_tls.c: what TLS messages mean (RFC 8446, RFC 5246), who must speak next, and what an
 * onlooker on the wire can read of them and what not. */
#include <string.h>

#include "explain/rule.h"

static bool is_kind(const struct scene *c, const char *kind)
{
	return message_is(c, "tls", kind);
}

/* A message of 1.3, where all behind the hellos is encrypted. */
static bool is_inside(const struct scene *c)
{
	return c->event->message.decrypted;
}

static bool from_client(const struct scene *c)
{
	return c->event->message.from == CLIENT;
}

static bool chose_1_3(const struct scene *c)
{
	return is_kind(c, "server_hello") &&
	       message_says(c, "tls.handshake.extensions.supported_version", "TLS 1.3");
}

/* ---- conditions of the rules ---- */

static bool named_hello(const struct scene *c)
{
	return is_kind(c, "client_hello") && message_has(c, "tls.handshake.extensions_server_name");
}
static bool client_hello(const struct scene *c)
{
	return is_kind(c, "client_hello");
}
static bool retry(const struct scene *c)
{
	return is_kind(c, "hello_retry_request");
}
static bool server_hello(const struct scene *c)
{
	return is_kind(c, "server_hello");
}
static bool encrypted_extensions(const struct scene *c)
{
	return is_kind(c, "encrypted_extensions");
}
static bool certificate_request(const struct scene *c)
{
	return is_kind(c, "certificate_request");
}
static bool no_certificate(const struct scene *c)
{
	return is_kind(c, "certificate") &&
	       message_says(c, "tls.handshake.certificates_count", "0");
}
static bool hidden_certificate(const struct scene *c)
{
	return is_kind(c, "certificate") && is_inside(c);
}
static bool open_certificate(const struct scene *c)
{
	return is_kind(c, "certificate");
}
static bool certificate_status(const struct scene *c)
{
	return is_kind(c, "certificate_status");
}
static bool server_key_exchange(const struct scene *c)
{
	return is_kind(c, "server_key_exchange");
}
static bool server_hello_done(const struct scene *c)
{
	return is_kind(c, "server_hello_done");
}
static bool client_key_exchange(const struct scene *c)
{
	return is_kind(c, "client_key_exchange");
}
static bool certificate_verify(const struct scene *c)
{
	return is_kind(c, "certificate_verify");
}
static bool client_finished(const struct scene *c)
{
	return is_kind(c, "finished") && from_client(c);
}
static bool finished(const struct scene *c)
{
	return is_kind(c, "finished");
}
static bool ticket(const struct scene *c)
{
	return is_kind(c, "new_session_ticket");
}
static bool end_of_early_data(const struct scene *c)
{
	return is_kind(c, "end_of_early_data");
}
static bool key_update(const struct scene *c)
{
	return is_kind(c, "key_update");
}
static bool hello_request(const struct scene *c)
{
	return is_kind(c, "hello_request");
}
static bool idle_change(const struct scene *c)
{
	return is_kind(c, "change_cipher_spec") &&
	       strstr(c->event->message.summary, "TLS 1.3") != NULL;
}
static bool change(const struct scene *c)
{
	return is_kind(c, "change_cipher_spec");
}
static bool close_notify(const struct scene *c)
{
	return is_kind(c, "alert") && message_says(c, "tls.alert_message.desc", "close_notify");
}
static bool fatal_alert(const struct scene *c)
{
	return is_kind(c, "alert") && message_says(c, "tls.alert_message.level", "fatal");
}
static bool alert(const struct scene *c)
{
	return is_kind(c, "alert");
}
static bool read_data(const struct scene *c)
{
	return is_kind(c, "application_data") && message_has(c, "tls.plaintext");
}
static bool opened(const struct scene *c)
{
	return message_has(c, "tls.plaintext.length");
}
static bool data(const struct scene *c)
{
	return is_kind(c, "application_data");
}
static bool encrypted_handshake(const struct scene *c)
{
	return is_kind(c, "encrypted_handshake");
}
static bool encrypted_alert(const struct scene *c)
{
	return is_kind(c, "encrypted_alert");
}
static bool foreign(const struct scene *c)
{
	return is_kind(c, "not_tls");
}

const struct rule tls_rules[] = {
        {named_hello, N_("TLS ClientHello for {server_name}"),
         N_("The {me} begins TLS: it wants {server_name} and lists the versions, cipher suites, "
            "groups and signatures that it can use, best first. Nothing is encrypted yet: whoever "
            "looks on reads all of it, the server's name too."),
         N_("The {peer} chooses from each list and answers with ServerHello, or refuses with an "
            "alert."),
         "RFC 8446 section 4.1.2, RFC 6066 section 3"},
        {client_hello, N_("TLS ClientHello"),
         N_("The {me} begins TLS: it lists the versions, cipher suites, groups and signatures that "
            "it can use, best first. It names no server. Nothing is encrypted yet: whoever looks "
            "on reads all of it."),
         N_("The {peer} chooses from each list and answers with ServerHello, or refuses with an "
            "alert."),
         "RFC 8446 section 4.1.2"},
        {retry, N_("TLS HelloRetryRequest: not with these key shares"),
         N_("The {me} agrees to {suite}, but the {peer} has sent no key share of a group that it "
            "wants, {retry_group}: one more round trip."),
         N_("The {peer} sends its ClientHello again, with a share of that group."),
         "RFC 8446 section 4.1.4"},
        {chose_1_3, N_("TLS ServerHello: TLS 1.3, {suite}"),
         N_("The {me} has chosen. Its key share and the {peer}'s make a secret that only the two "
            "have: from here on everything is encrypted. An onlooker still sees who talks to whom, "
            "when, and how long each record is; not the certificate, not a word of the rest."),
         N_("The {me} goes on at once, encrypted: extensions, certificate, its signature, "
            "Finished. Then the {peer} finishes."),
         "RFC 8446 section 4.1.3"},
        {server_hello, N_("TLS ServerHello: {tls_version}, {suite}"),
         N_("The {me} has chosen. In {tls_version} its certificate follows in the clear: an "
            "onlooker learns whose server this is, whatever the ClientHello says."),
         N_("The {me} goes on: certificate, key exchange, ServerHelloDone; or Finished at once if "
            "a session is resumed."),
         "RFC 5246 section 7.4.1.3"},
        {encrypted_extensions, N_("TLS EncryptedExtensions"),
         N_("What the {me} has to say to the ClientHello's other extensions. Encrypted on the "
            "wire; readable here by the key log."),
         NULL, "RFC 8446 section 4.3.1"},
        {certificate_request, N_("TLS CertificateRequest: who are you?"),
         N_("The {me} wants a certificate of the {peer}'s, too."),
         N_("The {peer} sends Certificate (perhaps an empty one) in its next flight."),
         "RFC 8446 section 4.3.2, RFC 5246 section 7.4.4"},
        {no_certificate, N_("TLS Certificate: none"),
         N_("The {me} was asked and has none to show."),
         N_("The {peer} goes on without, or refuses: certificate_required."),
         "RFC 8446 section 4.4.2.4"},
        {hidden_certificate, N_("TLS Certificate, hidden from onlookers"),
         N_("{summary}. In TLS 1.3 it is encrypted: only the two ends, and who has the key log, "
            "see whose it is."),
         N_("CertificateVerify: the {me} proves that it has the key that belongs to it."),
         "RFC 8446 section 4.4.2"},
        {open_certificate, N_("TLS Certificate, in the clear"),
         N_("{summary}. Anybody on the way can read it. That it is shown proves nothing yet: the "
            "{peer} has to check the signatures up to an authority that it trusts, the name, and "
            "the dates."),
         NULL, "RFC 5246 section 7.4.2, RFC 5280 section 6"},
        {certificate_status, N_("TLS CertificateStatus"),
         N_("What the authority says of the certificate's revocation, brought along by the {me} "
            "so that the {peer} need not ask."),
         NULL, "RFC 6066 section 8"},
        {server_key_exchange, N_("TLS ServerKeyExchange"),
         N_("The {me}'s half of a fresh key, signed with the certificate's key: that is the proof. "
            "An onlooker sees this half and the other one, and still cannot make the key of "
            "them."),
         NULL, "RFC 5246 section 7.4.3, RFC 8422"},
        {server_hello_done, N_("TLS ServerHelloDone: your turn"),
         N_("The {me} has said its part of the handshake."),
         N_("The {peer} sends its half of the key, ChangeCipherSpec and Finished."),
         "RFC 5246 section 7.4.5"},
        {client_key_exchange, N_("TLS ClientKeyExchange"),
         N_("The {me}'s half of the key. Now both ends can compute it."),
         N_("ChangeCipherSpec, then Finished, encrypted."), "RFC 5246 section 7.4.7"},
        {certificate_verify, N_("TLS CertificateVerify: the proof"),
         N_("A signature over the whole handshake so far: who has made it owns the certificate's "
            "key, and nobody has changed a byte in between."),
         N_("Finished."), "RFC 8446 section 4.4.3"},
        {client_finished, N_("TLS Finished: the client is content"),
         N_("A checksum over the whole handshake with the new key: both ends have seen the same "
            "bytes."),
         N_("In TLS 1.3 application data may flow now; in TLS 1.2 the {peer} sends its Finished "
            "first, if it has not yet."),
         "RFC 8446 section 4.4.4, RFC 5246 section 7.4.9"},
        {finished, N_("TLS Finished: the server is content"),
         N_("A checksum over the whole handshake with the new key: both ends have seen the same "
            "bytes."),
         N_("The {peer} checks it, and sends its own if it has not yet."),
         "RFC 8446 section 4.4.4"},
        {ticket, N_("TLS NewSessionTicket: a shorter way next time"),
         N_("The {me} gives the {peer} a ticket: who shows it again need not go through "
            "certificates once more."),
         NULL, "RFC 8446 section 4.6.1, RFC 5077"},
        {end_of_early_data, N_("TLS EndOfEarlyData"),
         N_("What the {me} sends from here on is encrypted with the key of the handshake."), NULL,
         "RFC 8446 section 4.5"},
        {key_update, N_("TLS KeyUpdate"),
         N_("From its next record on the {me} uses a new key, made from the old one: {summary}."),
         NULL, "RFC 8446 section 4.6.3"},
        {hello_request, N_("TLS HelloRequest: begin again"),
         N_("The {me} asks for a new handshake inside the connection."),
         N_("The {peer} sends a ClientHello, or the alert no_renegotiation."),
         "RFC 5246 section 7.4.1.1, RFC 5746"},
        {idle_change, N_("TLS ChangeCipherSpec, for onlookers only"),
         N_("It means nothing in TLS 1.3: it is sent so that boxes in the middle take the "
            "connection for TLS 1.2 and let it pass."),
         NULL, "RFC 8446 appendix D.4"},
        {change, N_("TLS ChangeCipherSpec: from here on encrypted"),
         N_("Whatever the {me} sends from now on is encrypted with the new key: an onlooker sees "
            "types and lengths of records, nothing else."),
         N_("Finished, the first encrypted message."), "RFC 5246 section 7.1"},
        {close_notify, N_("TLS alert: close_notify, nothing more will come"),
         N_("The {me} says that it has said everything. Without this a FIN could be somebody "
            "else's who cuts the answer short."),
         N_("The {peer} answers with its own close_notify or just closes."),
         "RFC 8446 section 6.1"},
        {fatal_alert, N_("TLS alert: {alert}, the end"),
         N_("The {me} gives up: {alert}. A fatal alert ends the connection at once."),
         N_("The {me} closes."), "RFC 8446 section 6.2"},
        {alert, N_("TLS alert: {alert}"), N_("The {me} warns: {alert}."), NULL,
         "RFC 8446 section 6"},
        {read_data, N_("TLS record: {plain_length} of plaintext inside"),
         N_("This is what the wire carries: {sealed_length} that look random, {app_data}... This "
            "is what the endpoints see: \"{plaintext}\" An onlooker learns from it the direction, "
            "the time and the length."),
         NULL, "RFC 8446 section 5.2"},
        {opened, N_("TLS record: encrypted, {sealed_length}"),
         N_("This is what the wire carries: {sealed_length} that look random, {app_data}... What "
            "the endpoints see is told next."),
         NULL, "RFC 8446 section 5.2"},
        {data, N_("TLS record: encrypted, {sealed_length}"),
         N_("This is what the wire carries: {sealed_length} that look random, {app_data}... What "
            "the endpoints see stays between them: an onlooker learns the direction, the time and "
            "the length. A key log (--keylog) would open it."),
         NULL, "RFC 8446 section 5.2"},
        {encrypted_handshake, N_("TLS handshake message, encrypted"),
         N_("Behind ChangeCipherSpec: the first one of each end is Finished, which shows that it "
            "has the right key."),
         NULL, "RFC 5246 section 7.4.9"},
        {encrypted_alert, N_("TLS alert, encrypted"),
         N_("An onlooker sees that it is an alert, not which; at a connection's end it is as good "
            "as always close_notify."),
         NULL, "RFC 5246 section 7.2"},
        {foreign, N_("This is not TLS"),
         N_("The {peer} speaks TLS, the {me} answers in another language: {summary}."),
         N_("Nothing good: the {peer} takes it for a broken record and gives up."),
         "RFC 8446 section 5.1"},
        {0},
};
