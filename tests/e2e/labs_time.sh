#!/usr/bin/env bash
# What the pages of labs 12 to 14 (datagrams) and 16 to 19 (time) say of each variant is what its run
# shows: in the stream of events, with times as a slow machine may have them. Their
# exercises are tried by gate.sh.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/labs_lib.sh
calls_or_skip

prelude+='
	def datagrams: all_of("datagram");
	def lengths: [datagrams[].payload];
	def syns: [segments[] | select(.flags == "SYN")];
	def refused: [closed[] | select(.open == "refused")];
	def own: [syns[] | select(.["tcp.stream"] == 1)]; # in lab 16, where the server fills its queue with 0
	def zero: [segments[] | select(.from == "server" and .["tcp.window_size_value"] == 0 and (.flags | test("RST") | not))];
	def probes: [segments[] | select(.from == "client" and any(.diagnosis // [] | .[]; .label == "zero_window_probe"))];
	def about($x): . > $x * 0.7 and . < $x * 1.6 + 60;
'

# ---- 12 listener ----

lab 12
holds 'three datagrams, one of them empty, and nothing else' 'lengths == [16, 0, 3] and segments == [] and icmp == []'
holds 'the server gets each by itself, and 0 is no end' '[returns("server"; "recvfrom")[:3][].result] == [16, 0, 3]'
lab 12 big
holds 'one datagram in two fragments' 'lengths == [16, 0, 3, 2000] and ([.[] | select(.event == "frame")] | length) == 1'
holds 'MSG_TRUNC tells its length' 'says("server"; "Received 2000 bytes") and says("server"; "The last 976")'
lab 12 big-as-written
holds 'the document reports 1024 of 2000' 'lengths[-1] == 2000 and [returns("server"; "recvfrom")[:4][].result] == [16, 0, 3, 1024]'
lab 12 both-families
holds 'a socket of IPv6 hears both' '([datagrams[] | has("ipv6.src")] == [false, true, false, true, false, true]) and
	says("server"; "from ::ffff:127.0.0.1 port") and says("server"; "from ::1 port")'
lab 12 nobody
holds 'an ICMP message for each' '[icmp[] | .["icmp.type"], .["icmp.code"]] == [3, 3, 3, 3, 3, 3]'
holds 'and the sender is not told' '[returns("client"; "sendto")[].result] == [16, 0, 3]'
faulty 12 --fault lost && holds 'nobody sends it again' \
	'lengths == [16, 0, 3] and [returns("server"; "recvfrom")[:2][].result] == [0, 3]'
faulty 12 --fault twice && holds 'it is there twice' '[returns("server"; "recvfrom")[:4][].result] == [16, 16, 0, 3]'
faulty 12 --fault swapped && holds 'in the other order' '[returns("server"; "recvfrom")[:3][].result] == [0, 3, 16]'

# ---- 13 echo and leak ----

lab 13
holds 'as many bytes out as in' 'lengths == [36, 36, 2, 2]'
lab 13 as-written
holds '1024 bytes for 36 and for 2' 'lengths == [36, 1024, 2, 1024]'
holds 'in them what the first had said' 'datagrams[3].bytes | contains("68692070617373776f72642069732074756c6970")' # "hi password is tulip"
lab 13 cleared
holds 'no word of it, and 1024 bytes still' 'lengths == [36, 1024, 2, 1024] and
	(datagrams[3].bytes | contains("74756c6970") | not)'
faulty 13 --fault lost-answer && holds 'a lost answer' 'lengths == [36, 36, 2, 2] and says("client"; "No answer within a second")'
faulty 13 --fault lost-question && holds 'a lost question' 'lengths == [36, 2, 2] and says("client"; "No answer within a second")'

# ---- 14 connected UDP ----

lab 14
holds 'connect() sends nothing' 'lengths == [19, 19] and returns("client"; "connect")[0].result == 0 and ((returns("client"; "connect")[0] | ms) < (datagrams[0] | ms))'
lab 14 closed
holds 'a datagram, and the message that quotes it' 'lengths == [19] and [icmp[] | .["icmp.type"], .["icmp.code"]] == [3, 3] and
	icmp[0]["quote.srcport"] == datagrams[0]["udp.srcport"]'
holds 'send() is well, recv() is told' 'returns("client"; "sendto")[0].result == 19 and
	returns("client"; "recvfrom")[0].errno == "ECONNREFUSED"'
lab 14 closed-no-peer
holds 'the same two packets, and nobody is told' 'lengths == [19] and (icmp | length) == 1 and
	returns("client"; "poll")[0].result == 0 and returns("client"; "recvfrom") == []'
lab 14 silent
holds 'one datagram, and only the deadline ends it' 'lengths == [19] and icmp == [] and returns("client"; "poll")[0].result == 0'
lab 14 as-written
holds 'the port is taken: no datagram' 'datagrams == [] and returns("client"; "bind")[0].errno == "EADDRINUSE"'
lab 14 as-written-alone
holds 'no peer: no datagram' 'datagrams == [] and returns("client"; "sendto")[0].errno == "EDESTADDRREQ"'
faulty 14 --fault lost-answer && holds 'both are right' 'says("server"; "Answered") and says("client"; "No answer")'

# ---- 16 dial timeout ----

lab 16
holds 'connected, at once' '(syns | length) >= 1 and closed[0]["close"] != "reset" and says("client"; "Connected after")'
lab 16 closed
mostly 'refused, long before the timeout' '(segments | map([.from, .flags])) == [["client", "SYN"], ["server", "RST,ACK"]] and
	((.[-1] | ms) - (syns[0] | ms)) < 2000'
lab 16 full
mostly 'SYNs at 0, 1 and 2 s, all the same' '(own | length) == 3 and (own | gaps | all(.[]; about(1000))) and
	([own[]["tcp.seq_raw"]] | unique | length) == 1'
holds 'no answer, and nothing is sent at the end' '[segments[] | select(.["tcp.stream"] == 1) | .flags] | unique == ["SYN"]'
lab 16 patient
mostly 'the SYN at 3.1 s finds room' '(own | length) == 4 and (([segments[] | select(.["tcp.stream"] == 1 and .flags == "SYN,ACK")][0] | ms) -
	(own[0] | ms) | about(3050))'
faulty 16 --fault filtered && mostly 'a filter looks the same' '(syns | length) == 3 and (syns | gaps | all(.[]; about(1000))) and
	([segments[].from] | unique) == ["client"]'
faulty 16 --fault lost-syn && mostly 'connect() takes a second' 'says("client"; "Connected after") and (syns | gaps[0] | about(1000))'

# ---- 17 read deadline ----

lab 17
mostly 'nothing is on the wire when a deadline passes' '([returns("client"; "poll")[] | select(.result == 0)] | length) == 2 and
	([returns("client"; "poll")[] | select(.result == 0) | ms] as $late | [segments[] | ms] | all(.[]; . as $t | all($late[]; ($t - .) | fabs > 50)))'
holds 'the connection survives it' '(data("server") | length) >= 1 and says("client"; "Received: Hello, World!")'
lab 17 give-up
holds 'the answer comes too late, and meets a RST' '(flagged("client"; "FIN")[0] | ms) < (data("server")[0] | ms) and
	closed[0].reset_by == "client" and says("server"; "Sent: Hello")'
lab 17 trickle
mostly 'the client goes after a second, in the middle of a word' '((flagged("client"; "FIN")[0] | ms) - (syns[0] | ms) | about(1000)) and
	(data("server") | length | . >= 5 and . < 13) and (data("server") | all(.[]; .["tcp.len"] == 1)) and closed[0].reset_by == "client"'
lab 17 trickle-idle
mostly 'a timeout that starts anew never passes' '(data("server") | length) >= 13 and
	((flagged("client"; "FIN")[0] | ms) - (syns[0] | ms)) > 1500 and ([returns("client"; "recvfrom")[].errno] | index("EAGAIN")) == null'
faulty 17 --fault lost-answer && holds 'TCP resends by its own clock' '(data("server") | length) >= 2 and says("client"; "Received: Hello, World!")'

# ---- 18 write deadline ----

lab 18
holds 'send() takes far more than the window' 'returns("client"; "sendto")[0].result as $n | $n > 10000 and $n < 40000'
holds 'a window of 0, and probes' '(zero | length) >= 1 and (probes | length) >= 2'
holds 'the reader gets all of it' 'says("server"; "Read 40000 bytes, then the end") and closed[0]["client.unique_bytes"] == 40000'
lab 18 deadline
mostly 'the gaps between the probes grow' 'probes | gaps | length >= 2 and (. as $g | all(range(1; length); $g[.] > $g[. - 1] * 1.3))'
holds 'what send() took is delivered after the program has ended' 'returns("client"; "sendto")[0].result as $n | $n < 40000 and
	closed[0]["client.unique_bytes"] == $n and
	((data("client")[-1] | ms) - (exited("client") | ms) > 1000)'
lab 18 abort
holds 'a RST, and the bytes are gone' 'closed[0].reset_by == "client" and closed[0]["client.unique_bytes"] < 10000 and
	returns("client"; "sendto")[0].result > 10000'
lab 18 as-written
holds 'the client is content, and then its bytes are thrown away' 'says("client"; "Sent 4000 bytes, all is well") and closed[0].reset_by == "server" and
	((flagged("server"; "RST")[0] | ms) - (exited("client") | ms) > 300)'
faulty 18 --fault lost-update && holds 'a probe finds out' 'says("server"; "Read 40000 bytes, then the end") and (probes | length) >= 3'
faulty 18 --fault lost-data && holds 'it is sent again' 'closed[0]["client.unique_bytes"] == 40000 and (([data("client")[]["tcp.len"]] | add) > 40000)'

# ---- 19 retry ----

lab 19
mostly 'tries in rests that double, and then the server is back' '(refused | length) >= 3 and (syns[1:] | gaps as $g |
	($g[0] | about(100)) and ($g[1] | about(200)) and ($g[2] | about(400))) and says("client"; "Done: salad")'
lab 19 as-written
mostly 'ten tries in vain, within the time of one rest' '(refused | length) == 10 and ((syns[-1] | ms) - (syns[1] | ms)) < 400'
lab 19 down
mostly 'up to a cap' '(refused | length) == 6 and (syns | gaps as $g | ($g[0] | about(100)) and ($g[2] | about(400)) and
	($g[3] | about(500)) and ($g[4] | about(500)))'
lab 19 unconfirmed
holds 'what may have been executed is not repeated' 'says("client"; "not repeated") and says("server"; "Order 2 executed: salad") and
	(says("server"; "Order 3") | not) and (syns | length) == 2 and closed[1].reset_by == "server"'
lab 19 executed-twice
holds 'two salads' 'says("server"; "Order 2 executed: salad") and says("server"; "Order 3 executed: salad") and (syns | length) == 3'
lab 19 self
holds 'one SYN, and an answer from itself' '(syns | length) == 1 and ([segments[] | [.["tcp.srcport"], .["tcp.dstport"]]] | unique) == [[8080, 8080]] and
	says("client"; "Answer: Is anybody there?") and says("client"; "myself")'
faulty 19 --fault lost-refusal && holds 'the kernel retries below us' '(syns | length) >= 3 and says("client"; "Done: salad")'

[ -n "$have_wire" ] || skip 'the labs with faults' 'this machine has no veth'

for page in labs/1[2346789]-*/README.md; do
	is "$page has at most 60 lines of at most 100 columns" yes \
		"$(awk '{ if (length > 100) long = 1 } END { print NR <= 60 && !long ? "yes" : "no" }' "$page")"
done
nothing_left 'no process is left'
finish
