#!/usr/bin/env bash
# What the pages of labs 38, 39 and 40 (TLS, mail, files) say of each variant is what its run shows: in the
# stream of events. Their exercises are tried by gate.sh, their programs with others by tls_labs.sh and
# mail_files.sh.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/labs_lib.sh

prelude+='
	def said($from; $protocol; $kind): [messages($from; $kind)[] | select(.protocol == $protocol)];
	def open: select(.decrypted != true);
	def connections: [segments[] | select(.flags == "SYN,ACK") | .["tcp.stream"]] | unique | length;
	def lasts: (exited("client") | ms) - (segments[0] | ms);
	def alerts($from): [said($from; "tls"; "alert")[] | open | field("tls.alert_message.desc")];
'

# ---- 38 TLS server ----

lab 38
holds 'in the clear are the two Hellos' '[all_of("message")[] | open | select(.kind == "client_hello" or .kind == "server_hello" or .kind == "certificate") | .kind] == ["client_hello", "server_hello"]'
holds 'TLS 1.3, verified' 'says("client"; "TLSv1.3") and says("client"; "verified")'
holds 'what the keys show: a certificate, a request, an answer' '[said("server"; "tls"; "certificate")[0], said("client"; "http"; "request")[0], said("server"; "http"; "response")[0]] | all(.decrypted)'
holds '98 bytes in one record of 120' 'says("client"; "98 bytes in 1 records: 120 bytes on the wire")'
lab 38 tls12
holds 'the certificate is there for all to see' '[said("server"; "tls"; "certificate")[] | open | .summary | contains("www.example")] == [true]'
lab 38 as-written
holds '14 records of 23 bytes' 'says("client"; "14 bytes in 14 records: 322 bytes on the wire") and ([said("server"; "tls"; "application_data")[] | select(.length == 23)] | length) == 14'
lab 38 as-written-tls12
holds '14 records of 30 bytes' 'says("client"; "14 bytes in 14 records: 420 bytes on the wire")'
lab 38 no-certificate
holds 'alert 40, in the clear, 7 bytes' 'alerts("server") == ["handshake_failure"] and data("server")[0]["tcp.len"] == 7'
lab 38 impatient
holds 'a request unread: RST' 'flagged("server"; "RST") != []'
lab 38 crowd
holds 'twenty and a silent one, all at a time' 'connections == 21 and says("client"; "Connected 20 times") and
	([said("server"; "http"; "response")[]] | length) == 20'
mostly 'nobody waits for the silent one' 'lasts < 4000'
if [ -n "$have_wire" ]; then
	observe 38 --fault changed
	holds 'TCP mends what has changed: TLS never hears of it' 'says("client"; "Hello World!") and any(segments[]; .from == "server" and any(.["tcp.analysis"] // [] | .[]; test("retransmission")))'
	observe 38 --fault lost-hello
	holds 'the ClientHello goes again' 'says("client"; "Hello World!")'
	observe 38 --fault cut
	holds 'and with the cable cut the client gives up in time' 'says("client"; "timed out")'
fi

# ---- 39 TLS client ----

lab 39
holds 'the name that is wanted is in the clear' '[said("client"; "tls"; "client_hello")[] | open | field("tls.handshake.extensions_server_name")] == ["www.example"]'
holds 'and it is verified' 'says("client"; "Verified: this is www.example") and says("server"; "with the right password")'
lab 39 bad-tls12
holds 'alerts that all can read' 'alerts("client") == ["certificate_expired", "unknown_ca", "bad_certificate", "unknown_ca"]'
holds 'and no password' 'said("client"; "http"; "request") == [] and connections == 4'
lab 39 bad
# in the clear with OpenSSL 3.0, encrypted as RFC 8446 has it with others
holds 'who has the keys can read them in TLS 1.3' 'connections == 4 and [said("client"; "tls"; "alert")[] | field("tls.alert_message.desc")] == ["certificate_expired", "unknown_ca", "bad_certificate", "unknown_ca"]'
lab 39 insecure
holds 'four passwords for anybody' '(said("client"; "http"; "request") | length) == 4 and says("client"; "NOT VERIFIED")'
lab 39 middle
holds 'two connections, and the password in between' 'connections == 2 and says("server"; "I read of the client: Cookie: password=tulip") and says("client"; "HTTP/1.1 200 OK")'
lab 39 middle-verified
holds 'no luck: alert 48, and he never gets to the server' 'connections == 1 and says("server"; "No luck: the other end sent alert 48")'
lab 39 plain-http
holds 'an answer of HTTP, and the client understands' 'said("server"; "http"; "response") != [] and says("client"; "is it plain HTTP")'
lab 39 as-written
holds 'connected with whoever it is, then silence until the server ends it' 'says("client"; "Connected, with TLSv1.3") and said("client"; "http"; "request") == [] and
	((flagged("server"; "FIN")[0] | ms) - (segments[0] | ms) > 2500) and says("client"; "EOF")'
if [ -n "$have_wire" ]; then
	observe 39 --fault silent
	mostly 'three seconds for all of it' 'says("client"; "timed out") and lasts < 4500'
	observe 39 --fault lost-hello
	holds 'a ClientHello may be lost' 'says("client"; "Verified")'
	observe 39 --fault changed
	holds 'a changed byte, too' 'says("client"; "Verified") and says("server"; "right password")'
fi

# ---- 40 SMTP and FTP ----

lab 40
holds 'two connections, both opened by the client' 'connections == 2 and (returns("client"; "connect") | length) == 2 and returns("server"; "connect") == []'
holds 'the port is in the reply' '[said("server"; "ftp"; "response")[] | select(field("ftp.response.code") == "227") | field("ftp.response.arg") | match("(\\d+),(\\d+)\\)").captures | map(.string | tonumber) | .[0] * 256 + .[1]] ==
	[[segments[] | select(.flags == "SYN" and .["tcp.stream"] == 1)][0]["tcp.dstport"]]'
holds 'the end of the file is a FIN' '[flagged("server"; "FIN")[] | select(.["tcp.stream"] == 1)] != [] and says("client"; "Hello, World!")'
lab 40 active
holds 'the server connects' 'connections == 2 and (returns("server"; "connect") | length) == 1 and says("client"; "Hello, World!")'
lab 40 several
holds 'a connection for each' 'connections == 4 and says("client"; "Dear Ben")'
lab 40 bounce
holds 'not to somebody else' 'connections == 1 and says("client"; "< 504")'
lab 40 smtp
holds 'two dots on the wire, one in the mail' 'says("client"; "> ..") and says("server"; "| .") and connections == 1'
holds 'a reply of several lines' 'says("client"; "< 250-PIPELINING") and says("client"; "< 250 8BITMIME")'
lab 40 smtp-early
holds '554, and then 503' '[said("server"; "smtp"; "response")[] | field("smtp.response.code")][:2] == ["554", "503"]'
if [ -n "$have_wire" ]; then
	lab 40 firewall
	holds 'the SYNs of the server get no answer; the dialogue goes on' 'connections == 1 and ([segments[] | select(.flags == "SYN" and .["tcp.stream"] == 1)] | length) >= 2 and
		says("client"; "< 425") and says("client"; "< 221")'
	observe 40 --fault lost-end
	holds 'the end comes later, and so does the file' 'says("client"; "Hello, World!") and says("client"; "< 226")'
	observe 40 --fault lost-reply
	holds 'the greeting goes again' 'says("client"; "Hello, World!")'
fi

for page in labs/{38,39,40}-*/README.md; do
	is "$page has at most 60 lines of at most 100 columns" yes \
		"$(awk '{ if (length > 100) long = 1 } END { print NR <= 60 && !long ? "yes" : "no" }' "$page")"
done
nothing_left 'no process is left'
finish
