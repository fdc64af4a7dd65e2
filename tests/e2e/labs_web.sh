#!/usr/bin/env bash
# What the pages of labs 35 to 37 (HTTP/1.0, HTTP/1.1, WebSocket) say of each variant and fault is what
# its run shows: order, bytes and messages, never exact counts of segments. Their exercises are tried by
# gate.sh, their programs against others by http.sh and websocket.sh.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/run_lib.sh

command -v jq >/dev/null || skip_all 'needs jq'
"$WIRELAB" doctor | grep -q '^ok.*ptrace' || skip_all 'this machine lets nobody follow calls'
namespaces_or_skip
have_wire=$("$WIRELAB" doctor | grep '^ok.*veth')

prelude='
	(.[0].time | tonumber) as $zero |
	def ms: ((.time | tonumber) - $zero) * 1000;
	def segments: [.[] | select(.event == "segment")];
	def flagged($from; $word): [segments[] | select(.from == $from and (.flags | split(",") | index($word)))];
	def data($from): [segments[] | select(.from == $from and .["tcp.len"] > 0)];
	def resets: [segments[] | select(.flags | test("RST"))];
	def handshakes: [flagged("server"; "SYN")[]["tcp.stream"]] | unique | length;
	def calls($host; $name): [.[] | select(.event == "call" and .host == $host and (.name | test($name)) and .action == "returned")];
	def says($host; $text): any(.[]; .event == "output" and .host == $host and (.text | test($text)));
	def messages($from; $kind): [.[] | select(.event == "message" and .from == $from and .kind == $kind)];
	def field($name): (.fields | map({(.[0]): .[1]}) | add)[$name];
	def statuses: [messages("server"; "response")[] | field("http.response.code") | tonumber];
	def first_fin: ([segments[] | select(.flags | test("FIN"))][0]).from;
	def codes($from): [messages($from; "close")[] | .summary | capture("close (?<code>[0-9]+)").code | tonumber];
'

# lab WORDS...: a run; its events, as one array, are in $TMP/events. It ends as its lab.conf says, or,
# with a fault that it was not made for, in another way.
lab() {
	title=$*
	run "$WIRELAB" run "$@" --json
	jq -s . "$TMP/out" >"$TMP/events"
	case $title in
	*--fault*) ;;
	*) is "lab $title ends as its lab.conf says" '0 ' "$status $err" ;;
	esac
}

# holds SENTENCE FILTER: the filter says true of the last run's events
holds() {
	is "lab $title: $1" true "$(jq "$prelude $2" "$TMP/events" 2>&1)"
}

# ---- 35 HTTP/1.0 ----

lab 35
holds 'a request and an answer' '(messages("client"; "request") | length) == 1 and statuses == [200]'
holds 'without a length' 'messages("server"; "response")[0] | field("http.content_length_header") == null'
holds "the server's FIN is its end" 'first_fin == "server" and resets == []'
holds 'which recv() tells by 0' 'any(calls("client"; "recv")[]; .result == 0)'
lab 35 two
holds 'a connection for each' 'handshakes == 2 and statuses == [200, 200]'
holds 'twenty segments' 'segments | length == 20'
lab 35 head
holds 'what is wrong is told' 'statuses == [200, 404, 501]'
holds 'HEAD has no body' 'says("client"; "Status 200 OK; 0 bytes")'
lab 35 pieces
holds 'half a request is waited for' '(data("server")[0] | ms) > (data("client")[1] | ms) and (data("client") | length) == 2'
lab 35 as-written
holds 'a RST, each time' '(resets | length) > 0'
holds 'and nothing was read' 'calls("server"; "^recv") == []'
if [ -n "$have_wire" ]; then
	lab 35 long
	holds 'all arrives' 'says("client"; "30000 bytes of body") and says("client"; "that was all") and resets == []'
	lab 35 as-written-far
	holds 'send() has taken all' 'any(calls("server"; "^send")[]; .result == 30045)'
	holds 'half of it arrives' 'says("client"; "Broken off") and ([data("server")[]."tcp.len"] | add) < 20000'
	lab 35 as-written-far --fault lost-answer
	holds 'with the first segment lost, nothing' 'says("client"; "^0 bytes, and no HTTP")'
	lab 35 --fault lost-fin
	holds 'the FIN is sent again' '(flagged("server"; "FIN") | length) >= 2 and says("client"; "that was all")'
fi

# ---- 36 HTTP/1.1 ----

lab 36
holds 'two requests, one connection' 'handshakes == 1 and statuses == [200, 200]'
holds 'twelve segments' 'segments | length == 12'
holds 'and the client closes first' 'first_fin == "client"'
lab 36 five
holds 'five' 'handshakes == 1 and (statuses | length) == 5'
lab 36 chunks
holds 'the body tells its own end' 'says("client"; "8893 bytes of body, told by chunks") and first_fin == "client"'
holds 'HEAD has the same head and no body' 'says("client"; "^0 bytes of body, told by no body")'
lab 36 errors
holds 'each is told, and the connection goes on' 'handshakes == 1 and statuses == [404, 405, 501, 400, 200]'
lab 36 too-long
holds 'it waits until its time is over' 'says("client"; "that is not all of it") and (flagged("client"; "FIN")[0] | ms) > 2500'
lab 36 too-short
holds 'what is left over is no HTTP' 'says("client"; "This is no HTTP") and (messages("server"; "unreadable") | length) >= 1'
if [ -n "$have_wire" ]; then
	lab 36 pipelined
	holds 'four requests in one segment' '[messages("client"; "request")[].frames[0]] | length == 5 and (unique | length) == 2'
	holds 'four answers in one' '[messages("server"; "response")[].frames[0]] | length == 5 and (unique | length) == 2'
	lab 36 refused
	holds 'the answer was lost, and arrives' 'says("client"; "Status 413") and (data("server") | length) == 2'
	holds 'no RST' 'resets == []'
	holds 'and is told as a message, though the FIN came first' 'statuses == [413]'
	lab 36 abrupt
	holds 'a RST, and no answer' '(resets | length) > 0 and (data("server") | length) == 1 and (says("client"; "Status 413") | not)'
	lab 36 --fault lost-request
	holds 'the kernel sends it again, the programs do not notice' 'statuses == [200, 200] and handshakes == 1 and (data("client") | length) >= 3'
fi

# ---- 37 WebSocket ----

lab 37
holds 'one connection, one request' 'handshakes == 1 and statuses == [101]'
holds 'hello is eleven bytes there and seven back' \
	'[messages("client"; "text")[0].length, messages("server"; "text")[0].length] == [11, 7]'
holds 'a push that nobody asked for' '[messages("server"; "text")[].summary] | any(test("push 1"))'
holds 'two goodbyes of 1000, then the FIN of the server' 'codes("client") == [1000] and codes("server") == [1000] and first_fin == "server"'
lab 37 pieces
holds 'three frames and a ping among them' '[.[] | select(.event == "message" and .from == "client" and .protocol == "websocket") | .kind][0:4] ==
	["text", "continuation", "ping", "continuation"]'
holds 'a pong, and the whole' 'says("client"; "pong") and says("client"; "Heard 5 bytes: hello")'
for wrong in 'unmasked 1002' 'no-utf8 1007' 'too-long 1009'; do
	lab 37 "${wrong% *}"
	holds "${wrong#* }" "codes(\"server\") == [${wrong#* }] and first_fin == \"server\" and resets == []"
done
lab 37 gone
holds 'a FIN without a goodbye' 'messages("client"; "close") == [] and first_fin == "client"'
if [ -n "$have_wire" ]; then
	lab 37 --fault lost-upgrade
	holds 'nothing is said before the 101 has come' '(messages("client"; "text")[0] | ms) > (data("server")[1] | ms)'
	lab 37 --fault lost-goodbye
	holds 'it is sent again' 'says("client"; "The server closes with 1000") and (flagged("server"; "FIN") | length) >= 2'
else
	skip 'faults' 'this machine has no veth'
fi
nothing_left 'and nothing is left'
finish
