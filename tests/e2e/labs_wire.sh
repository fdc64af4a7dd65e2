#!/usr/bin/env bash
# The labs that need the wire (15, 20, 31 to 34): each variant and fault shows what the lab's page says.
# Invariants only: the kernel decides on counts and times. And what the tracer diagnoses is compared with
# what the wire did, which knows it.
# once: a learner, who is no root, is whom it is for
. tests/e2e/labs_lib.sh

[ -n "$have_wire" ] || skip_all 'this machine has no veth'
form+=(-q --no-calls)

# What follows from the fate of each frame. Prints what is not true.
cat >"$TMP/truth.jq" <<'TRUTH'
def labels: [.diagnosis[]?.label];
def has(l): labels | index(l) != null;
# its numbers end here: SYN and FIN use one
def after: .["tcp.seq"] + .["tcp.len"] + (if .flags | test("SYN|FIN") then 1 else 0 end);
[.[] | select(.event == "segment")] as $all | $all[] | . as $s |
	[$all[] | select(.number < $s.number and .from == $s.from and .["tcp.seq"] < ($s | after) and
		after > $s["tcp.seq"])] as $before |
	def wrong(why): "\($s.number) seq \($s["tcp.seq"]): \(labels | join(" ")): \(why)";
	(if (has("out_of_order") or has("resent_or_late")) and ($s.reordered | not) then wrong("nothing overtook it") else empty end),
	(if has("gap") and ([$all[] | select(.from == $s.from and .reordered)] == []) then wrong("nothing is missing") else empty end),
	(if (has("rto") or has("rto_or_probe")) and ([.diagnosis[] | select(.label | startswith("rto")).wait // 0] | min) < 0.19 then wrong("too soon for a timer") else empty end),
	(if (has("fast") or has("sack")) and ([$before[] | select(.fate == "dropped" or .reordered)] == []) then wrong("it was not lost") else empty end),
	(if has("spurious") and ([$before[] | select(.fate == "arrived")] == []) then wrong("it had not arrived") else empty end),
	(if $s.fate == "duplicate" and $s.diagnosis then wrong("its sender did nothing") else empty end)
TRUTH

# What the client sent again, by the wire's account: "OWN OVERDUE LATE". Overdue: the copy before had
# not been lost, but its ACK had not come in more than a round trip and RACK's quarter of one, so a
# kernel may well send again (RFC 8985). Late: how often the wire, a process like others, delivered
# 10 ms (that quarter) or more after the time, or did nothing for 100 ms: then timers may run out.
cat >"$TMP/resent.jq" <<'RESENT'
def after: .["tcp.seq"] + .["tcp.len"] + (if .flags | test("SYN|FIN") then 1 else 0 end);
def s: tonumber;
[.[] | select(.event == "segment")] as $all
| ([$all[] | select(.arrived and (.reordered | not) and (.arrived | s) - (.sent | s) > 0.030)] | length) as $slow
| ($all | map(.sent | s) | sort | [.[1:], .[:-1]] | transpose | map(select(.[0] - .[1] > 0.1)) | length) as $idle
| [$all[] | select(.from == "client" and .fate != "duplicate" and after > .["tcp.seq"])] | sort_by(.sent)
| . as $sent | [range(length) | . as $i | $sent[$i] as $s
	| [$sent[:$i][] | select(after > $s["tcp.seq"] and .["tcp.seq"] < ($s | after))] | last
	| select(.) | . as $before
	| .fate != "dropped" and ($s.sent | s) - (.sent | s) > 0.045
		and ([$all[] | select(.from == "server" and .arrived and (.arrived | s) < ($s.sent | s) - 0.002 and
			.["tcp.ack"] >= ($before | after))] == [])]
| "\(map(select(not)) | length) \(map(select(.)) | length) \($slow + $idle)"
RESENT

# told WORDS...: a lab, of which the diagnoses are true
told() {
	lab "$@"
	is "$name: the diagnoses are true" '' "$(jq -rf "$TMP/truth.jq" "$TMP/events" | head -n 3)"
}
said() { # HOST: its lines
	query ".[] | select(.event == \"output\" and .host == \"$1\").text"
}
count_said() { # HOST LINE
	said "$1" | grep -cxF -- "$2"
}
data() { # SIDE: a filter
	echo "select(.event == \"segment\" and .from == \"$1\" and .[\"tcp.len\"] > 0)"
}
diagnosed() { # LABEL: how often
	jq -r "[.[] | .diagnosis[]? | select(.label == \"$1\")] | length" "$TMP/events"
}

# ---- 15 ----

datagrams() { # SIDE: how many it sent
	query '.[] | select(.event == "datagram")."udp.srcport"' | awk -v side="$1" '($1 == 8080) == (side == "server")' | wc -l
}
delivered() {
	said server | sed -n 's/^Delivered: //p' | xargs
}

told 15
is "$name: four lines, four datagrams each way" '4 4 one two three four' "$(datagrams client) $(datagrams server) $(delivered)"
told 15 lost-ack
is "$name: repeated and filtered" '5 1 one two three four' "$(datagrams client) $(count_said server 'Again: 1two') $(delivered)"
told 15 no-filter
is "$name: delivered twice" 'one two two three four' "$(delivered)"
told 15 ghost
is "$name: one twice, three never" 'one two one four' "$(delivered)"
told 15 --fault lost
is "$name: repeated" '5 one two three four' "$(datagrams client) $(delivered)"
told 15 --fault late-ack
is "$name: an old acknowledgment is told from the right one" '1 one two three four' "$(count_said client 'Not what I wait for: ignored') $(delivered)"
for fault in lossy everything twice 'delay 120ms'; do
	told 15 --fault "$fault"
	is "$name: each line once" 'one two three four' "$(delivered)"
	is "$name: the client's count is the wire's" "4 lines, $(datagrams client) datagrams" \
		"$(said client | tail -n 1 | sed "$([ "$fault" = twice ] && echo 's/4 datagrams/5 datagrams/')")"
done

# ---- 20 ----

probes() {
	jq -r '[.[] | select(.event == "segment" and .from == "client" and (.["tcp.analysis"] // [] | index("keep_alive")))] | length' "$TMP/events"
}
told 20
is "$name: a probe a second" yes "$([ "$(probes)" -ge 4 ] && echo yes)"
is "$name: each answered" "$(probes)" "$(diagnosed keep_alive_ack)"
is "$name: its seq is the last acknowledged one" 5 "$(query '.[] | select(.event == "segment" and (.["tcp.analysis"] // [] | index("keep_alive"))) | ."tcp.seq"' | sort -u)"
told 20 cut
has "$name: told" 'recv\(\): Connection timed out' "$(said client)"
is "$name: three lost probes, counted" 3 "$(query '.[] | select(.diagnosis) | .diagnosis[] | select(.label == "rst_gave_up").n')"
has "$name: the server knows nothing" 'is in ESTABLISHED' "$(query '.[] | select(.event == "note").text')"
told 20 cut-unasked
is "$name: no probe" 0 "$(probes)"
has "$name: nothing is known" 'I cannot know' "$(said client)"
told 20 deaf
is "$name: a program that hangs, a kernel that answers" yes "$([ "$(diagnosed keep_alive_ack)" -ge 4 ] && echo yes)"
told 20 --fault lost-probes
has "$name: it lives" 'I cannot know' "$(said client)"

# ---- 31 ----

# the client never goes beyond what the server's ACKs that had arrived allow (a FIN needs no room)
# shellcheck disable=SC2016 # $all and $s are jq's
within='[.[] | select(.event == "segment")] | . as $all | [$all[] | '"$(data client)"' | . as $s |
	[$all[] | select(.from == "server" and .arrived and .arrived <= $s.sent) | .["tcp.ack"] + .["tcp.window_size"]] | max >= $s["tcp.seq"] + $s["tcp.len"]] | all'
for words in '31' '31 sips' '31 --fault lost-probe'; do
	read -ra list <<<"$words"
	told "${list[@]}"
	holds 'never more than the window' "$within"
	is "$name: the window falls to 0, and probes go out" yes "$([ "$(diagnosed zero_window)" -ge 1 ] && [ "$(diagnosed zero_window_probe)" -ge 1 ] && echo yes)"
	has "$name: all is read" 'Read 60000 bytes' "$(said server)"
done
told 31 sips
is "$name: no silly window" yes "$(query '.[] | select(.event == "segment" and .from == "server" and (.["tcp.analysis"] // [] | index("window_update"))) | ."tcp.window_size"' |
	awk '$1 < 1448 { bad = 1 } END { print bad ? "no" : "yes" }')"
has "$name: many recv()s" 'with [56][0-9][0-9] recv' "$(said server)"

# ---- 32 ----

resends() { # LABELS: of the client, with one of these causes
	jq -r "[.[] | $(data client) | .diagnosis[]? | select(.label | test(\"^($1)\$\"))] | length" "$TMP/events"
}
# account: sets own, overdue and late (resent.jq) of the run
account() {
	read -r own overdue late < <(jq -rf "$TMP/resent.jq" "$TMP/events")
}
# on_time: then nothing is sent again but what the lab's fault draws
on_time() {
	[ "$overdue $late" = '0 0' ]
}
# sent_again N USELESS: by the kernel's count, exactly; where the wire was late, N or more, as the wire
# has seen
sent_again() {
	account
	if on_time; then
		has "$name: $1 sent again, $2 of them for nothing" "^$1 segments sent again, $2 of them for nothing" "$(said client)"
		is "$name: and so says the wire" "$1" "$own"
	else
		echo "# $name: $overdue ACKs overdue, the wire late $late times"
		has "$name: sent again as the wire has seen" "^$((own + overdue)) segments sent again" "$(said client)"
		is "$name: $1 or more" yes "$([ $((own + overdue)) -ge "$1" ] && echo yes)"
	fi
}

told 32
account
if on_time; then
	is "$name: one segment again, by duplicate ACKs or SACK" '1 1' "$(resends 'fast|sack') $own"
else
	is "$name: a late wire: one segment or more again" yes "$([ "$own" -ge 1 ] && echo yes)"
fi
told 32 last
is "$name: a timer" yes "$([ "$(resends 'rto|rto_or_probe|tail_loss_probe')" -ge 1 ] && [ "$(resends 'fast|sack')" -eq 0 ] && echo yes)"
told 32 tail
is "$name: a probe before the timer" tail_loss_probe "$(query ".[] | $(data client)"' | .diagnosis[]?.label | select(test("^(tail_loss_probe|rto|rto_or_probe|fast|sack)$"))' | head -n 1)"
told 32 backoff
# shellcheck disable=SC2016 # $waits is jq's
mostly 'the waits double' "[.[] | $(data client)"' | .diagnosis[]? | select(.label == "rto").wait] |
	. as $waits | length >= 4 and all(range(1; length); $waits[.] / $waits[. - 1] | . >= 1.5 and . <= 2.6)'
for algorithm in reno cubic bbr; do
	told 32 "$algorithm"
	if query '.[] | select(.event == "note").text' | grep -q "not set in this network: .*congestion control $algorithm"; then
		is "$name: not set only where the kernel does not have it" '' "$(grep -ow "$algorithm" /proc/sys/net/ipv4/tcp_available_congestion_control)"
	else
		has "$name: the client has it" "^$algorithm: 400000 bytes" "$(said client)"
		is "$name: and each socket of the connection" "$algorithm" "$(query '.[] | select(.event == "kernel" and .state == "ESTABLISHED").congestion' | sort -u)"
	fi
	has "$name: all is there and in order" 'Read 400000 bytes, 0 of them wrong' "$(said server)"
	is "$name: lost frames were resent" yes "$([ "$(query '.[] | select(.event == "segment" and .fate == "dropped").number' | wc -l)" -ge 4 ] &&
		[ "$(resends 'fast|sack|partial_ack|rto|rto_or_probe|after_rto|tail_loss_probe|resent')" -ge 4 ] && echo yes)"
done
has 'lab 32: an algorithm that there is not' 'I take what I get' "$("$WIRELAB" run 32 --client "$WIRELAB_BIN/../labs/32-loss/client -c nonsense -n 1000 {host} {port}" -q --no-calls </dev/null)"

# ---- 33 ----

told 33
sent_again 0 0
if on_time; then
	is "$name: no resend" '0 0' "$(resends 'fast|sack|spurious|rto') $(diagnosed spurious_seen)"
fi
told 33 far
sent_again 1 1
is "$name: by D-SACK" yes "$([ "$(diagnosed spurious_seen)" -ge 1 ] && echo yes)"
told 33 lost
sent_again 1 0
told 33 twice
is "$name: the wire's copy" 1 "$(query '.[] | select(.event == "segment" and .fate == "duplicate").number' | wc -l)"
account
if on_time; then
	is "$name: nobody sent again" 0 "$own"
fi
for fault in both near; do
	told 33 --fault "$fault"
	is "$name: the program sees nothing of it" 1 "$(count_said server 'Read 30000 bytes')"
done

# ---- 34 ----

longest() {
	jq -r "[.[] | $(data client) | .[\"tcp.len\"]] | max" "$TMP/events"
}
told 34
is "$name: 1448 bytes" 1448 "$(longest)"
told 34 loopback
has "$name: all is read" 'Read 30000 bytes' "$(said server)"
told 34 maxseg
is "$name: 488 bytes" 488 "$(longest)"
told 34 narrow
is "$name: a router says so" yes "$(query '.[] | select(.event == "frame" and .kind == "icmp")."ip.src"' | grep -m 1 -x '10.0.0.254' >/dev/null && echo yes)"
is "$name: what arrives fits" 948 "$(jq -r "[.[] | $(data client) | select(.fate == \"arrived\") | .[\"tcp.len\"]] | max" "$TMP/events")"
has "$name: the client has learnt it" 'a packet 1000 on this way' "$(said client)"
told 34 black-hole
is "$name: no data arrives, the handshake does" '0 1' "$(jq -r "[.[] | $(data client) | select(.fate == \"arrived\")] | length" "$TMP/events") $(query '.[] | select(.event == "segment" and .phase == "handshake" and .from == "server" and .fate == "arrived").number' | wc -l)"
is "$name: nobody says so" '' "$(query '.[] | select(.event == "frame" and .kind == "icmp")')"
told 34 black-hole-maxseg
has "$name: through" 'Read 30000 bytes' "$(said server)"
told 34 datagram
is "$name: in one piece for the program" 1 "$(count_said server 'Received 4000 bytes')"
told 34 datagram-lost
is "$name: a lost piece loses all" '' "$(said server | grep Received)"
told 34 datagram --fault narrow
is "$name: a router cuts, all arrives" 1 "$(count_said server 'Received 4000 bytes')"

nothing_left 'nothing is left'
finish
