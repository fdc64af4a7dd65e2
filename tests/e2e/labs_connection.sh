#!/usr/bin/env bash
# What the pages of the labs 00 to 06 say of a connection's life is what their runs show on the wire.
# once: a learner, who is no root, is whom it is for
. tests/e2e/labs_lib.sh
calls_or_skip

# shellcheck disable=SC2016 # for jq
prelude+='
	def flags($from; $flags): [segments[] | select(.from == $from and .flags == $flags)];
	def fins: [segments[] | select(.flags | test("FIN")) | .from];
	def resetters: [resets[] | .from];
	def tells($text): any(all_of("output")[]; .text | contains($text));
'

# ---- 00: one datagram ----

observe 00 --no-calls
shows '00: one datagram, and nothing else' 'segments == [] and ([.[] | select(.event == "datagram")] | length == 1)'
shows '00: 47 bytes with three headers around 5' '[.[] | select(.event == "datagram") | .["frame.len"], .["udp.length"], .payload] == [47, 13, 5]'

# ---- 01 and 02: a conversation, and its numbers ----

observe 01
shows '01: 26 bytes, a sentence each way' 'closed | map(.["client.bytes"], .["server.bytes"]) == [13, 13]'
shows '01: both close, nobody resets' '(fins | sort == ["client", "server"]) and resetters == []'
observe 02
shows '02: the numbers of the handshake' 'segments[0:3] | map([.["tcp.seq"], .["tcp.ack"]]) | .[0][0] == 0 and .[1:] == [[0, 1], [1, 1]]'
shows '02: and the real ones' 'segments[0:3] | .[1]["tcp.ack_raw"] == (.[0]["tcp.seq_raw"] + 1) % 4294967296 and .[2]["tcp.ack_raw"] == (.[1]["tcp.seq_raw"] + 1) % 4294967296'
observe 02 late-accept
shows '02 late-accept: connect() returns 200 ms before accept() and more' '(returns("server"; "accept4")[0].time | tonumber) - (returns("client"; "connect")[0].time | tonumber) > 0.2'

# ---- 03: refused, or silence ----

observe 03
shows '03: a SYN, and a RST that acknowledges it' 'segments | map([.from, .flags, .["tcp.ack"]]) | .[0][0:2] == ["client", "SYN"] and .[1] == ["server", "RST,ACK", 1] and length == 2'
shows '03: connect() fails with ECONNREFUSED' 'returns("client"; "connect")[-1].errno == "ECONNREFUSED"'
observe 03 both-families
shows '03 both-families: ::1 is tried first, then 127.0.0.1' 'flags("client"; "SYN") | map(.["ipv6.dst"] // .["ip.dst"]) == ["::1", "127.0.0.1"]'
shows '03 both-families: both refuse' 'resetters == ["server", "server"]'
observe 03 one-family
shows '03 one-family: one refuses, the other has a server' 'resetters == ["server"] and (flags("server"; "SYN,ACK") | length == 1) and tells("Here I am")'
observe 03 --client "$WIRELAB_BIN/../labs/03-refused/client 203.0.113.1 {port}"
shows '03: an address without a way there: not a frame' 'segments == [] and returns("client"; "connect")[-1].errno == "ENETUNREACH"'
if [ -n "$have_wire" ]; then
	observe 03 --fault filtered
	shows '03 filtered: the same SYN again and again, and no answer' '[segments[] | [.from, .flags, .["tcp.seq_raw"]]] | unique | length == 1'
	shows '03 filtered: the client gives up by its own clock' 'returns("client"; "connect")[-1] | .errno == "ETIMEDOUT"'
else
	skip '03 filtered' 'this machine has no veth'
fi

# ---- 04: closing ----

observe 04
shows '04: the client closes first, both close, nobody resets' '(fins | .[0] == "client" and length == 2) and resetters == []'
shows '04: three segments close it, as a rule, else four' 'closed[0].close | IN("three-way", "four-way")'
observe 04 slow
shows '04 slow: four' 'closed[0].close == "four-way" and closed[0].first_fin == "client"'
observe 04 server-first
shows '04 server-first' '(fins | .[0] == "server" and length == 2)'
has '04 server-first: TIME-WAIT is with the server' "the server's socket .* is in TIME-WAIT" "$out"
observe 04 half-close
shows '04 half-close: data after the FIN of the other end arrives' '(segments | map([.from, .flags]) | index([["client", "FIN,ACK"]]) < index([["server", "PSH,ACK"]])) and tells("Received 4 bytes: bye!") and resetters == []'
observe 04 too-late
shows '04 too-late: a RST answers it, and send() had succeeded' 'resetters == ["client"] and tells("Said bye") and closed[0].close == "reset"'
if [ -n "$have_wire" ]; then
	for _ in 1 2 3; do
		observe 04 both --wire
		again_until 'closed[0].close == "simultaneous"'
		shows '04 both, with 20 ms each way: the FINs cross' 'closed[0].close == "simultaneous"'
	done
	observe 04 --fault lost-fin
	shows '04 lost-fin: the client sends it again' 'fins | sort == ["client", "client", "server"]'
	observe 04 --fault lost-last-ack
	shows '04 lost-last-ack: the server repeats its FIN, and TIME-WAIT answers' 'fins | sort == ["client", "server", "server"]'
else
	skip '04 on the wire' 'this machine has no veth'
fi

# ---- 05: TIME-WAIT ----

observe 05
shows '05: the server closes first, twice, and lives twice' '(closed | map(.first_fin) == ["server", "server"]) and (returns("server"; "bind") | map(.result) == [0, 0])'
has '05: TIME-WAIT is with the server' "the server's socket .* is in TIME-WAIT" "$out"
for variant in without second-only two-listeners; do
	observe 05 $variant
	shows "05 $variant: the second bind() fails" 'returns("server"; "bind") | map(.errno) == [null, "EADDRINUSE"]'
	shows "05 $variant: the second visit meets a RST" '(flags("client"; "SYN") | length == 2) and resetters == ["server"]'
done
observe 05 client-first
shows '05 client-first: without the option, and it works' '(closed | map(.first_fin) == ["client", "client"]) and (returns("server"; "bind") | map(.result) == [0, 0])'
has "05 client-first: TIME-WAIT is with the client" "the client's socket .* is in TIME-WAIT" "$out"

# ---- 06: a stream has an end ----

observe 06
shows '06: the client closes first, the echo is whole' '(fins | .[0] == "client" and length == 2) and (closed | map(.["client.bytes"] == 36 and .["server.bytes"] == 36) | all)'
observe 06 burst
shows '06 burst: three lines in one segment' '[segments[] | select(.from == "client" and .["tcp.len"] > 0)] | map(.["tcp.len"]) == [36]'
observe 06 burst-as-written
shows '06 burst-as-written: one reply' 'closed[0]["server.bytes"] == 12'
finish
