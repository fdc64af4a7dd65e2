#!/usr/bin/env bash
# What the pages of labs 35 to 37 (HTTP/1.0, HTTP/1.1, WebSocket) say of each variant and fault is what
# its run shows: order, bytes and messages, never exact counts of segments. Their exercises are tried by
# gate.sh, their programs against others by http.sh and websocket.sh.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/labs_lib.sh
calls_or_skip

prelude+='
	def handshakes: [flagged("server"; "SYN")[]["tcp.stream"]] | unique | length;
	def statuses: [messages("server"; "response")[] | field("http.response.code") | tonumber];
	def first_fin: ([segments[] | select(.flags | test("FIN"))][0]).from;
	def codes($from): [messages($from; "close")[] | .summary | capture("close (?<code>[0-9]+)").code | tonumber];
'

# ---- 35 HTTP/1.0 ----

lab 35
holds 'a request and an answer' '(messages("client"; "request") | length) == 1 and statuses == [200]'
holds 'without a length' 'messages("server"; "response")[0] | field("http.content_length_header") == null'
holds "the server's FIN is its end" 'first_fin == "server" and resets == []'
holds 'which recv() tells by 0' 'any(called("client"; "recv")[]; .result == 0)'
lab 35 two
holds 'a connection for each' 'handshakes == 2 and statuses == [200, 200]'
mostly 'twenty segments' 'segments | length == 20'
lab 35 head
holds 'what is wrong is told' 'statuses == [200, 404, 501]'
holds 'HEAD has no body' 'prints("client"; "Status 200 OK; 0 bytes")'
lab 35 pieces
holds 'half a request is waited for' '(data("server")[0] | ms) > (data("client")[1] | ms) and (data("client") | length) == 2'
lab 35 as-written
holds 'a RST, each time' '(resets | length) > 0'
holds 'and nothing was read' 'called("server"; "^recv") == []'
if [ -n "$have_wire" ]; then
	lab 35 long
	holds 'all arrives' 'prints("client"; "30000 bytes of body") and prints("client"; "that was all") and resets == []'
	lab 35 as-written-far
	holds 'send() has taken all' 'any(called("server"; "^send")[]; .result == 30045)'
	holds 'half of it arrives' 'prints("client"; "Broken off") and ([data("server")[]."tcp.len"] | add) < 20000'
	observe 35 as-written-far --fault lost-answer
	holds 'with the first segment lost, nothing' 'prints("client"; "^0 bytes, and no HTTP")'
	observe 35 --fault lost-fin
	holds 'the FIN is sent again' '(flagged("server"; "FIN") | length) >= 2 and prints("client"; "that was all")'
fi

# ---- 36 HTTP/1.1 ----

lab 36
holds 'two requests, one connection' 'handshakes == 1 and statuses == [200, 200]'
mostly 'twelve segments' 'segments | length == 12'
holds 'and the client closes first' 'first_fin == "client"'
lab 36 five
holds 'five' 'handshakes == 1 and (statuses | length) == 5'
lab 36 chunks
holds 'the body tells its own end' 'prints("client"; "8893 bytes of body, told by chunks") and first_fin == "client"'
holds 'HEAD has the same head and no body' 'prints("client"; "^0 bytes of body, told by no body")'
lab 36 errors
holds 'each is told, and the connection goes on' 'handshakes == 1 and statuses == [404, 405, 501, 400, 200]'
lab 36 too-long
holds 'it waits until its time is over' 'prints("client"; "that is not all of it") and (flagged("client"; "FIN")[0] | ms) > 2500'
lab 36 too-short
holds 'what is left over is no HTTP' 'prints("client"; "This is no HTTP") and (messages("server"; "unreadable") | length) >= 1'
if [ -n "$have_wire" ]; then
	lab 36 pipelined
	holds 'four requests in one segment' '[messages("client"; "request")[].frames[0]] | length == 5 and (unique | length) == 2'
	holds 'four answers in one' '[messages("server"; "response")[].frames[0]] | length == 5 and (unique | length) == 2'
	lab 36 refused
	holds 'the answer was lost, and arrives' 'prints("client"; "Status 413") and (data("server") | length) == 2'
	holds 'no RST' 'resets == []'
	holds 'and is told as a message, though the FIN came first' 'statuses == [413]'
	lab 36 abrupt
	holds 'a RST, and no answer' '(resets | length) > 0 and (data("server") | length) == 1 and (prints("client"; "Status 413") | not)'
	observe 36 --fault lost-request
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
holds 'a pong, and the whole' 'prints("client"; "pong") and prints("client"; "Heard 5 bytes: hello")'
for wrong in 'unmasked 1002' 'no-utf8 1007' 'too-long 1009'; do
	lab 37 "${wrong% *}"
	holds "${wrong#* }" "codes(\"server\") == [${wrong#* }] and first_fin == \"server\" and resets == []"
done
lab 37 gone
holds 'a FIN without a goodbye' 'messages("client"; "close") == [] and first_fin == "client"'
if [ -n "$have_wire" ]; then
	observe 37 --fault lost-upgrade
	holds 'nothing is said before the 101 has come' '(messages("client"; "text")[0] | ms) > (data("server")[1] | ms)'
	observe 37 --fault lost-goodbye
	holds 'it is sent again' 'prints("client"; "The server closes with 1000") and (flagged("server"; "FIN") | length) >= 2'
else
	skip 'faults' 'this machine has no veth'
fi
nothing_left 'and nothing is left'
finish
