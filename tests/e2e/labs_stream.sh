#!/usr/bin/env bash
# Labs 07 to 11: what their pages say is what happens on the wire, in each variant and fault. Invariants
# only: how many ACKs there are, and who wins a race, differs from run to run.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/labs_lib.sh

# gap(a; b): from one event to another, in ms
prelude+='
	def segments(f): [segments[] | select(f)];
	def flag(f): .flags | split(",") | index(f) != null;
	def count(f): segments(flag(f)) | length;
	def gap(a; b): (b | ms) - (a | ms);
	def ends: [all_of("connection")[] | select(.action != "opened")];
	def closes: [ends[].close] | unique | join(" ");
	def cause: [ends[].reset_cause] | unique | join(" ");
	def bytes(side): [ends[][side + ".unique_bytes"]] | add;
	def said(side): [all_of("output")[] | select(.host == side) | .text] | join("\n");
	def in_order: (closes | test("^(three-way|four-way)$")) and count("RST") == 0;
'
form+=(-q)

# ---- 07 chat ----

lab 07
holds 'three messages, three answers, the client closes first' 'in_order and
	bytes("client") == 23 and bytes("server") == 45 and ends[0].first_fin == "client"'
mostly 'each answer comes before the next message' '[segments(."tcp.len" > 0)[].from] ==
	["client", "server", "client", "server", "client", "server"]'
lab 07 one-shot
holds 'our client notices, and says no more' 'in_order and bytes("client") == 6 and
	ends[0].first_fin == "server" and (said("client") | test("The server has closed"))'
lab 07 as-written
holds 'the second message is answered by a RST' 'bytes("client") == 19 and
	closes == "reset" and ends[0].reset_by == "server" and cause == "rst_after_close"'
holds 'the RST has no ACK, and the number that was acknowledged last' 'segments(flag("RST")) |
	length == 1 and .[0].flags == "RST" and .[0]."tcp.seq" == 16'
holds 'the FIN is told, not the RST; then EPIPE' '[returns("client"; "recvfrom")[] | .result] == [14, 0] and
	([returns("client"; "sendto")[2:][] | .errno] | unique) == ["EPIPE"]'
holds 'the third message is never on the wire' 'data("client") | length == 2'
lab 07 sigpipe
holds 'the third send kills' '(exited("client").signal == 13) and bytes("client") == 19'
lab 07 input-ends
holds 'CLOSE-WAIT until the program ends' '(segments(flag("FIN") and .from == "server")[0] as $fin |
	segments(flag("FIN") and .from == "client")[0] as $own | gap($fin; $own) > 450) and
	in_order and bytes("client") == 6'
holds 'sending nothing sends nothing' '[returns("client"; "sendto")[] | .result] == [6, 0, 0, 0, 0, 0]'
lab 07 pasted
holds 'four lines, four answers' 'in_order and bytes("client") == 41 and bytes("server") == 60'
lab 07 as-written --fault late-fin
holds 'the RST overtakes the FIN: ECONNRESET' '[returns("client"; "recvfrom")[] | .errno] | index("ECONNRESET") != null'

# ---- 08 mute pair ----

lab 08
holds 'the server replies' 'in_order and bytes("client") == 12 and bytes("server") == 12'
lab 08 as-written
holds 'silence from the ACK to the kill' '(segments(flag("FIN"))[0] as $fin |
	segments(.from == "server" and .flags == "ACK")[0] as $ack | gap($ack; $fin) > 1200) and
	bytes("server") == 0'
holds 'kill -9 gives a FIN' 'in_order and ends[0].first_fin == "client" and exited("client").signal == 9'
lab 08 half-close
holds 'the FIN comes before the wait' 'in_order and bytes("server") == 0 and
	(returns("client"; "shutdown")[0] as $fin | returns("client"; "recvfrom")[0] as $zero |
	$zero.result == 0 and gap($fin; $zero) >= 0)'
lab 08 timeout
holds 'the timeout puts nothing on the wire' 'in_order and (returns("client"; "recvfrom")[0] |
	.errno == "EAGAIN" and (.enter as $from | gap({time: $from}; .) > 450)) and
	(returns("client"; "recvfrom")[0] as $late | segments(gap({time: $late.enter}; .) > 60 and gap(.; $late) > 0) | length) == 0'
lab 08 killed-unread
holds 'kill -9 with bytes unread gives a RST' 'closes == "reset" and ends[0].reset_by == "client" and
	(segments(flag("RST"))[0].flags == "RST,ACK") and count("FIN") == 0 and exited("client").signal == 9'
lab 08 as-written --fault lost-data
holds 'what is lost is sent again' 'data("client") | length >= 2 and gap(.[0]; .[1]) > 150'
lab 08 half-close --fault lost-fin
holds 'a FIN is sent again' '(segments(flag("FIN") and .from == "client") | length) >= 2 and in_order'

# ---- 09 byte by byte ----

for variant in '' more cork; do
	lab 09 $variant
	holds 'one segment' 'in_order and bytes("server") == 14 and (data("server") | length) == 1'
done
for variant in as-written nagle; do
	lab 09 $variant
	mostly 'a segment for each byte' '(data("server") | length >= 14 and all(.[]; ."tcp.len" == 1)) and
		in_order and bytes("server") == 14 and ends[0].first_fin == "server"'
	mostly 'each is a frame of 67 bytes' '[data("server")[]."frame.len"] | unique == [67]'
done
lab 09 far
mostly 'ten at once, and four bytes with the FIN' '([data("server")[]."tcp.len"] == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4]) and
	(data("server") | gap(.[0]; .[9]) < 30 and gap(.[9]; .[10]) > 50 and (.[10] | flag("FIN")))'
mostly 'all sends have returned before the first byte arrives' '(returns("server"; "sendto") | length == 14 and all(.[]; .result == 1)) and
	gap(returns("server"; "sendto")[-1]; data("server")[0]) > 0'
lab 09 far-nagle
mostly 'one byte, and the rest behind it' '([data("server")[]."tcp.len"] == [1, 13]) and
	(data("server") | gap(.[0]; .[1]) < 30 and (.[1] | flag("FIN")))'
lab 09 far --fault lost-byte
holds 'what comes behind the hole waits' '(returns("client"; "recvfrom") | map(.result)) as $got |
	$got[-1] == 0 and ($got | add) == 14 and
	([data("server")[] | select(."tcp.seq" == 3)] | length) == 2'

# ---- 10 RST atlas ----

lab 10
holds 'who drains before it closes resets nobody' 'in_order and bytes("client") == 20000 and
	bytes("server") == 2 and ends[0].first_fin == "server"'
lab 10 closed-port
holds 'a RST,ACK with seq 0 for the SYN' '(segments(true) | length) == 2 and ends[0].open == "refused" and
	(segments(flag("RST"))[0] | .flags == "RST,ACK" and ."tcp.seq_raw" == 0) and
	returns("client"; "connect")[0].errno == "ECONNREFUSED"'
own_seq='(segments(flag("RST")) | length == 1 and .[0].flags == "RST,ACK" and .[0].from == "server") and count("FIN") == 0'
lab 10 unread
holds 'a socket resets, its buffer full' "$own_seq"' and cause == "rst_unread_data"'
holds 'the answer is read, then the error' '[returns("client"; "recvfrom")[] | .result, .errno] == [2, null, -1, "ECONNRESET"]'
lab 10 linger
holds 'a socket resets' "$own_seq"' and cause == "rst_abort" and returns("client"; "recvfrom")[-1].errno == "ECONNRESET"'
lab 10 no-accept
holds 'a socket resets that nobody has accepted' "$own_seq"' and (returns("server"; "accept4") | length) == 0 and
	returns("client"; "recvfrom")[-1].errno == "ECONNRESET"'
lab 10 early
holds 'the kernel resets, behind a FIN' '(segments(flag("RST")) | length == 1 and .[0].flags == "RST" and .[0]."tcp.seq" == 4) and
	count("FIN") == 1 and cause == "rst_after_close" and [returns("client"; "recvfrom")[].result] == [2, 0]'
lab 10 half-open
holds 'the first RST is lost, the second has no ACK' '[segments(flag("RST"))[] | .flags] == ["RST,ACK", "RST"] and
	count("FIN") == 0 and (segments(flag("RST") | not)[-1] | .from == "client" and ."tcp.len" == 5)'
holds 'the client learns of it when it speaks' '(returns("client"; "sendto") | map(.result)) == [5, 5] and
	returns("client"; "recvfrom")[0].errno == "ECONNRESET"'
lab 10 unread --fault lost-rst
holds 'the ACK of the answer draws another RST' '([segments(flag("RST"))[] | .flags] == ["RST,ACK", "RST"])'
run "$WIRELAB" run 10 linger --fault lost-rst --timeout 2 --ladder -q
has 'lab 10 linger --fault lost-rst: nobody says anything' 'still waited for the client to end' "$err"
has 'lab 10 linger --fault lost-rst: it is silent' 's idle' "$out"

# ---- 11 framing ----

for variant in '' as-written; do
	lab 11 $variant
	holds 'four messages, four echoes' 'in_order and bytes("client") == 52 and bytes("server") == 52 and
		ends[0].first_fin == "client"'
done
lab 11 burst
holds 'one segment, four echoes' '(data("client") | length == 1 and .[0]."tcp.len" == 52) and
	(returns("client"; "sendto") | map(.result)) == [16, 16, 4, 16] and in_order and bytes("server") == 52'
lab 11 burst-as-written
holds 'one recv, one echo' 'bytes("server") == 16 and in_order and
	[returns("server"; "recvfrom")[].result] == [52, 0]'
lab 11 split
holds 'the second header is torn, and found' '[data("client")[]."tcp.len"] == [18, 18, 16] and bytes("server") == 52 and
	([returns("server"; "recvfrom")[].result][:4] == [4, 12, 2, 2])'
lab 11 split-as-written
holds 'out of step for ever' 'bytes("client") == 52 and bytes("server") == 50 and
	(said("server") | test("Message of 813167 bytes"))'
lab 11 drip
holds 'a byte a segment, the same echoes' '(data("client") | length >= 52 and all(.[]; ."tcp.len" == 1)) and
	in_order and bytes("server") == 52'
holds 'no echo before the message is whole' 'gap(data("client")[15]; data("server")[0]) > 0'
lab 11 split --fault lost-header
holds 'TCP repairs the loss' '(said("client") | test("52 bytes came back, the same"))'
lab 11 drip --fault swapped
holds 'and the order' '(said("client") | test("52 bytes came back, the same"))'
run "$WIRELAB" run 11 -q --client 'python3 -c "import socket,sys;s=socket.create_connection(sys.argv[1:3]);s.sendall(bytes([255]*4));s.recv(9)" {host} {port}'
has 'a length of 4294967295 is refused' 'A message of 4294967295 bytes\? No' "$out"

nothing_left 'and nothing is left'
finish
