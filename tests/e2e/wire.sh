#!/usr/bin/env bash
# `wirelab run --wire`: two hosts, and the wire between them. What the wire streams to the tracer is read
# with tshark, by a stand-in for the tracer that only keeps it; then the same with the tracer itself.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh

needs tshark jq
"$WIRELAB" doctor | grep -q '^missing.*veth' && skip_all 'this machine has no veth'
namespaces_or_skip
interfaces_before=$(ls /sys/class/net)

# ---- the stand-in ----

mkdir -p "$TMP/bin"
chmod 755 "$TMP"
cp "$WIRELAB" "$TMP/bin/"
ln -s "$(cd "$WIRELAB_BIN/../labs" && pwd)" "$TMP/labs"
export WIRELAB_LABS=$ROOT/labs
cat >"$TMP/bin/wirelab-trace" <<'STANDIN'
#!/bin/bash
trap '' TERM
while [ $# -gt 0 ]; do
	case $1 in --wire) wire=$2 ;; --events) events=$2 ;; --ready) ready=$2 ;; esac
	shift
done
echo ready >&"$ready"
cat <&"$events" &
cat <&"$wire" >"$(dirname "$0")/../stream.pcapng"
wait
STANDIN
chmod 755 "$TMP/bin/wirelab-trace"

# wire NAME STATUS WORDS...: a run; its frames are in $TMP/frames, one a line: sender, flags, seq, length
# of payload, checksum (1 good, 0 bad), fate, id, fault.
wire() {
	local name=$1 wanted=$2
	shift 2
	wire_quietly "$@"
	is "$name: status" "$wanted" "$status$(grep '^wirelab' <<<"$err")"
}

# wire_quietly WORDS...: the same, whatever comes of it.
wire_quietly() {
	rm -f "$TMP/stream.pcapng"
	: >"$TMP/stream.pcapng"
	chmod 666 "$TMP/stream.pcapng"
	run "$TMP/bin/wirelab" run "$@"
	tshark -r "$TMP/stream.pcapng" -o tcp.relative_sequence_numbers:FALSE -o tcp.check_checksum:TRUE -T fields \
		-e frame.interface_name -e tcp.flags.str -e tcp.seq -e tcp.len -e tcp.checksum.status \
		-e frame.comment 2>/dev/null | tr -d '·' |
		sed -E 's/wire: sent=[0-9.]* fate=([^ ]*) id=([0-9]*)( by=)?/\1\t\2\t/' >"$TMP/frames"
}

# frames FATE: those with it
frames() {
	awk -F'\t' -v fate="$1" '$6 == fate' "$TMP/frames"
}

# ---- nothing is done ----

wire 'a run' 0 01 --wire
is 'a run: every frame arrives' "$(wc -l <"$TMP/frames")" "$(frames arrived | wc -l)"
is 'a run: real checksums' '' "$(awk -F'\t' '$5 != 1' "$TMP/frames")"
is 'a run: each frame once, numbered' "$(seq "$(wc -l <"$TMP/frames")")" "$(cut -f7 "$TMP/frames" | sort -n)"
is 'a run: the handshake' 'client S,server AS,client A' \
	"$(head -n 3 "$TMP/frames" | cut -f1,2 | tr '\t\n' ' ,' | sed 's/,$//')"
is 'a run: nothing but TCP' '' "$(tshark -r "$TMP/stream.pcapng" -Y 'not tcp' 2>/dev/null)"
is 'a run: the SYN is that of the loopback' '64240 1460' \
	"$(tshark -r "$TMP/stream.pcapng" -c 1 -T fields -E separator=' ' -e tcp.window_size_value -e tcp.options.mss_val 2>/dev/null)"
# late: by how many us more than 20 ms, at the median
late() {
	tshark -r "$TMP/stream.pcapng" -T fields -e frame.time_epoch -e frame.comment 2>/dev/null |
		awk '{ sub(/sent=/, "", $3); split($1, a, "."); split($3, s, ".")
			print (a[1] - s[1]) * 1000000 + (a[2] - s[2]) / 1000 - 20000 }' | sort -n |
		awk '{ v[NR] = $1 } END { print int(v[int((NR + 1) / 2)]) }'
}
for _ in {1..10}; do # a busy machine may be late, but not always
	[ "$(late)" -gt 1000 ] || break
	wire_quietly 01 --wire
done
is 'a run: 20 ms each way, 1 ms late at most at the median' yes "$([ "$(late)" -ge 0 ] && [ "$(late)" -le 1000 ] && echo yes || echo "$(late) us")"
has 'the server is on its own address' '"server 10.0.0.2 8080"' "$out"
wire 'IPv6' 0 06 --wire --ipv6
has 'IPv6: the address' '"server fd00::2 8080"' "$out"
is 'IPv6: nothing but TCP' '' "$(tshark -r "$TMP/stream.pcapng" -Y 'not tcp or not ipv6' 2>/dev/null)"
is 'IPv6: real checksums' '' "$(awk -F'\t' '$5 != 1' "$TMP/frames")"

# ---- named faults ----

wire 'a lost SYN' 0 01 --fault 'drop client SYN 1'
is 'a lost SYN: dropped' 'S' "$(frames dropped | cut -f2)"
is 'a lost SYN: by which fault' 'drop client SYN 1' "$(frames dropped | cut -f8)"
is 'a lost SYN: sent again, the same' 1 "$(awk -F'\t' '$2 == "S" { print $3 }' "$TMP/frames" | uniq | wc -l)"
again=$(tshark -r "$TMP/stream.pcapng" -Y 'tcp.flags == 2' -T fields -e frame.comment 2>/dev/null |
	sed -E 's/.*sent=([0-9.]*).*/\1/' | awk 'NR == 1 { a = $1 } NR == 2 { printf "%.1f", $1 - a }')
is 'a lost SYN: after a second' yes "$(awk -v a="$again" 'BEGIN { if (a >= 1 && a < 1.2) print "yes"; else print a }')"

wire 'lost data' 0 01 --fault 'drop client data 1'
lost=$(frames dropped | cut -f1-4)
has 'lost data: dropped' '^client.*13$' "$lost"
is 'lost data: sent again, the same bytes' 1 "$(frames arrived | cut -f1-4 | grep -cxF "$lost")"
has 'lost data: it arrives at last' 'Received: Hello, World!' "$out"

wire 'a duplicate' 0 01 --fault 'duplicate client data 1'
is 'a duplicate: the same segment twice' 2 "$(grep -c "$(frames duplicate | cut -f1-4)" "$TMP/frames")"
is 'a duplicate: the program does not see it' 1 "$(grep -c 'Received: Hello, World!' <<<"$(grep '"host":"server"' <<<"$out")")"

wire 'corruption' 0 01 --fault 'corrupt client data 1'
is 'corruption: a wrong checksum' 'corrupted 0' "$(frames corrupted | awk -F'\t' '{ print $6, $5 }')"
is 'corruption: sent again' 2 "$(grep -c "$(frames corrupted | cut -f1-4)" "$TMP/frames")"
has 'corruption: the program gets what was sent' 'Received: Hello, World!' "$out"

wire 'a late FIN' 0 01 --fault 'delay server FIN 1 300ms'
is 'a late FIN: overtaken' 'AF' "$(awk -F'\t' '$8 ~ /^delay/ { print $2 }' "$TMP/frames")"

# ---- chance, size, rate ----

# which of each end's frames is lost
lost_ones() {
	sort -t"$(printf '\t')" -n -k7,7 "$TMP/frames" | awk -F'\t' '{ n[$1]++ } $6 == "dropped" { print $1, n[$1] }'
}
wire 'losses' 0 06 --fault lossy
losses=$(lost_ones)
wire 'losses again' 0 06 --fault lossy
is 'losses: there are some' yes "$([ -n "$losses" ] && echo yes)"
is 'losses: the same ones' "$losses" "$(lost_ones)"

cat >"$TMP/big.py" <<'BIG'
import socket, sys
role, host, port = sys.argv[1:4]
if role == "server":
    s = socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    c, n = s.accept()[0], 0
    while d := c.recv(65536):
        n += len(d)
    print("got", n, flush=True)
    c.close()
else:
    c = socket.create_connection((host, int(port)))
    c.sendall(b"x" * 20000)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)
BIG
chmod 644 "$TMP/big.py"
big=(01 --server "python3 $TMP/big.py server {host} {port}" --client "python3 $TMP/big.py client {host} {port}")
wire 'a swap' 0 "${big[@]}" --fault 'swap client data 2 3'
is 'a swap: the third comes before the second' 'arrived 1448,arrived,reordered -1448' \
	"$(awk -F'\t' '$1 == "client" && $4 > 0 { n++; if (n == 2 || n == 3) printf "%s%s %d", n == 2 ? "" : ",", $6, $3 - (n == 2 ? first + 1448 : before); if (n == 1) first = $3; before = $3 }' "$TMP/frames")"
wire 'a small MTU' 0 "${big[@]}" --fault 'mtu 576'
has 'a small MTU: all arrives' '"got 20000"' "$out"
has 'a small MTU: the router answers' '^10.0.0.254 10.0.0.1 3 4 576$' \
	"$(tshark -r "$TMP/stream.pcapng" -Y icmp -T fields -E separator=' ' -E occurrence=f -e ip.src -e ip.dst -e icmp.type -e icmp.code -e icmp.mtu 2>/dev/null)"
is 'a small MTU: right checksums' '' "$(tshark -r "$TMP/stream.pcapng" -o ip.check_checksum:TRUE -Y 'icmp and (icmp.checksum.status == 0 or ip.checksum.status == 0)' 2>/dev/null)"
is 'a small MTU: nothing larger arrives' '' \
	"$(tshark -r "$TMP/stream.pcapng" -Y 'frame.len > 590 and !(frame.comment contains "fate=dropped")' 2>/dev/null)"
wire 'a small MTU with IPv6' 0 "${big[@]}" --ipv6 --fault 'mtu 1280'
has 'a small MTU with IPv6: Packet Too Big' '^fd00::fe fd00::1 2 1280$' \
	"$(tshark -r "$TMP/stream.pcapng" -Y icmpv6 -T fields -E separator=' ' -E occurrence=f -e ipv6.src -e ipv6.dst -e icmpv6.type -e icmpv6.mtu 2>/dev/null)"
wire 'a silent MTU' "1wirelab: after 2 s (--timeout) wirelab still waited for the client to end" \
	"${big[@]}" --fault 'mtu 576 silent' --timeout 2
is 'a silent MTU: no answer' '' "$(tshark -r "$TMP/stream.pcapng" -Y icmp 2>/dev/null)"
wire 'a short queue' 0 "${big[@]}" --fault 'rate 1mbit' --fault 'queue 3'
has 'a short queue: the last are lost' 'queue 3$' "$(frames dropped)"
has 'a short queue: all arrives' '"got 20000"' "$out"

# The labs' faults of which no lab's own test says what they show: the run ends as it should, or the
# runner says which program's end the fault has changed; and a fault that picks frames meets one, in the plain run or in a variant.
meets() {
	[ -n "$(cut -f8 "$TMP/frames" | tr -d '\n')" ]
}
for file in labs/[0-9][0-9]-*/faults/*; do
	lab=${file#labs/}
	number=${lab%%-*}
	grep -qw -- "${file##*/}" tests/e2e/labs_*.sh tests/e2e/exercises_*.sh && continue
	picks=$(grep -E '^(drop|duplicate|corrupt|reorder|delay (client|server|any)|loss)' "$file")
	for variant in '' $(sed -n 's/^\[variant \(.*\)\]/\1/p' "labs/${lab%%/*}/lab.conf"); do
		wire_quietly "$number" ${variant:+"$variant"} --fault "${file##*/}"
		has "$file${variant:+ ($variant)}: status" \
			'^(0|1wirelab: the (client|server) ended with exit status [0-9]+, expected [0-9]+)$' \
			"$status$(grep '^wirelab' <<<"$err")"
		{ [ -z "$picks" ] || meets; } && break
	done
	[ "$picks" ] || continue
	is "$file: something happens" yes "$(meets && echo yes)"
done

# ---- by hand ----

# held WORDS: the number of the first frame that waits and is such: "client SYN"
held() {
	grep -s '"action":"held"' "$TMP/out" |
		sed -En 's/.*"from":"([^"]*)","wire.id":([0-9]*),"what":"([^"]*)".*/\1 \3=\2/p' | sed -n "s/^$1=//p" | head -n 1
}
# shellcheck disable=SC2317 # called by wait_until
is_held() {
	[ -n "$(held "$1")" ]
}

mkfifo "$TMP/control"
rm -f "$TMP/out"
(
	exec 9>"$TMP/control"
	for command in 'release client SYN' 'release server SYN,ACK' 'release client ACK' 'drop client data 13 bytes'; do
		wait_until 20 is_held "${command#* }"
		echo "${command%% *} $(held "${command#* }")" >&9
	done
	for command in nonsense 'release 9999' flow hold; do
		echo "$command" >&9
		sleep 0.1
	done
	sleep 0.3 # then its end of file lets all go
) &
hand=$!
wire 'by hand' 0 01 --step --wire-control 9 9<"$TMP/control"
wait "$hand"
is 'by hand: one is lost' 'by hand' "$(frames dropped | cut -f8)"
is 'by hand: it is sent again' yes "$(frames arrived | cut -f1-4 | grep -qxF "$(frames dropped | cut -f1-4)" && echo yes)"

# ---- what a program can do there ----

cat >"$TMP/look.sh" <<'LOOK'
echo "interfaces: $(tail -n +3 /proc/net/dev | cut -d: -f1 | xargs)"
grep -E '^Cap(Prm|Eff|Inh|Amb)' /proc/self/status
(exec 3<>/dev/udp/8.8.8.8/53) 2>/dev/null && echo 'there is a way out'
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3 && head -c 13 <&3
LOOK
wire 'a look around' 0 01 --wire --client "bash $TMP/look.sh {host} {port}"
has 'a program sees its host only' '"interfaces: (lo eth0|eth0 lo)"' "$out"
is 'it has no capability' 4 "$(grep -cE 'Cap...:.*[^0-9a-f]0{16}"' <<<"$out")"
is 'there is no way out' '' "$(grep 'a way out' <<<"$out")"

# ---- what the tracer makes of it ----

# events NAME WORDS...: a run with the real tracer; its events are in $TMP/events
events() {
	local name=$1
	shift
	run "$WIRELAB" run "$@" --json -q
	is "$name: status" 0 "$status$(grep '^wirelab' <<<"$err")"
	printf '%s\n' "$out" >"$TMP/events"
}
query() {
	jq -r "$1" "$TMP/events"
}

events 'the tracer' 01 --fault 'drop client data 1'
is 'the lost segment, by its fault' '1 13 dropped drop client data 1 null' \
	"$(query 'select(.event == "segment" and .fate == "dropped") | "\(."tcp.seq") \(."tcp.len") \(.fate) \(.by) \(.arrived)"')"
is 'it changes nothing at the receiver' null \
	"$(query 'select(.event == "segment" and .fate == "dropped") | ."server.rcv_nxt_before"')"
is 'it changes its sender' 'true' \
	"$(query 'select(.event == "segment" and .fate == "dropped") | ."client.snd_nxt" - ."client.snd_nxt_before" == 13')"
is 'it is sent again, and arrives' 'arrived 13' \
	"$(query 'select(.event == "segment" and ."tcp.analysis" and (."tcp.analysis" | index("retransmission"))) | "\(.fate) \(."tcp.len")"')"
is 'what arrives was sent 20 ms before' '' \
	"$(query 'select(.event == "segment" and .arrived) | (.arrived | tonumber) - (.sent | tonumber) | select(. < 0.0199 or . > 0.06)')"
is 'the connection ends well' 'in order' "$(query 'select(.event == "connection" and .action == "closed") | .close' | sed -E 's/(three|four)-way|simultaneous/in order/')"
is 'the wire tells' '1' "$(query 'select(.event == "wire" and .action == "dropped") | .by' | grep -cx 'drop client data 1')"
is 'frames of the stream and of the wire are the same' "$(query 'select(.event == "segment" or .event == "frame") | ."wire.id"' | sort -n | uniq | wc -l)" \
	"$(query 'select(.event == "segment" or .event == "frame") | ."wire.id"' | wc -l)"
is 'the count of frames' 'true' "$(query 'select(.event == "capture" and .action == "ended") | .captured == .received and .dropped == 0')"
events 'a duplicate' 01 --fault 'duplicate client data 1'
is 'a duplicate has no diagnosis: nobody sent it again' 'duplicate null' \
	"$(query 'select(.fate == "duplicate") | "\(.fate) \(.diagnosis)"')"
events 'corruption' 01 --fault 'corrupt client data 1'
is 'what is corrupted changes nothing at the receiver' 'corrupted null' \
	"$(query 'select(.fate == "corrupted") | "\(.fate) \(."server.rcv_nxt_before")"')"
run "$WIRELAB" run 01 --fault 'drop server FIN 1' --no-calls
has 'text: the lost segment says so' '\{LOST: drop server FIN 1\}' "$out"
has 'text: in a sentence' 'it never arrives: the wire loses it \(drop' "$(tr -s ' \n' '  ' <<<"$out")"
run "$WIRELAB" run 01 --fault 'drop server FIN 1' --no-calls --ladder -q
has 'ladder: it ends in an x' 'x.*LOST .*FIN|LOST .*FIN.*x' "$out"
run "$WIRELAB" run 01 --fault 'drop client data 1' --save "$TMP/saved.pcapng" --text
run "$WIRELAB_BIN/wirelab-trace" -r "$TMP/saved.pcapng" -q
has 'a saved run knows it still' 'LOST: drop client data 1' "$out"

# ---- usage ----

# refused NAME MESSAGE WORDS...
refused() {
	local name=$1 message=$2
	shift 2
	run "$WIRELAB" run "$@"
	is "$name: status, one line" '2 1' "$status $(wc -l <"$TMP/err")"
	has "$name: the message" "^wirelab: $message" "$err"
	is "$name: nothing else" '' "$out"
}

refused 'a wrong side' "--fault: in place of 'clint' comes client or server; as in 'drop client data 2'" 01 --fault 'drop clint data 2'
refused 'a wrong name' "--fault: .*; this lab has under a name: .*lost-syn" 01 --fault lost-sny
refused 'a queue without a rate' "--fault 'queue 5' needs a rate too" 01 --fault 'queue 5'
refused 'a small MTU for IPv6' "--fault 'mtu 1279': every link of IPv6 carries 1280 bytes" 01 --ipv6 --fault 'mtu 1279'
refused '--host with --wire' '--host and --wire exclude each other' 01 --host --wire
refused '--host with --fault' '--host and --wire exclude each other' 01 --host --fault 'loss 5%'
refused '--step without the screen' '--step is for the screen' 01 --step
many=()
for _ in $(seq 33); do many+=(--fault 'loss 1%'); done
refused 'too many faults' '--fault: at most 32 faults at once' 01 "${many[@]}"

# ---- whatever is killed ----

# begin: a run whose client stays
begin() {
	WIRELAB=$TMP/bin/wirelab start_run '"started","host":"client"' 01 -q --wire --client 'sleep 50'
}

begin
wire_status=$(cat "/proc/$(pgrep -P "$supervisor" -x wirelab-wire)/status")
is 'the wire has no capability' 5 "$(grep -cE '^Cap(Prm|Eff|Inh|Amb|Bnd):.*[^0-9a-f]0{16}$' <<<"$wire_status")"
is 'the wire is confined' 2 "$(grep -cE '^(NoNewPrivs:.1|Seccomp:.2)$' <<<"$wire_status")"
kill -KILL "$(pgrep -P "$supervisor" -x wirelab-wire)"
end_of 'the wire is killed' 2
has 'the wire is killed: the message' '^wirelab: the wire was killed by signal 9' "$(cat "$TMP/err")"
begin && kill -INT "$front"
end_of 'Ctrl-C' 1
begin && kill -KILL "$supervisor"
end_of 'the supervisor is killed' 2
begin && kill -KILL "$front"
end_of 'wirelab is killed' 137

random_kill() {
	local all=() pid
	"$TMP/bin/wirelab" run 06 -q --fault 'loss 10%' --timeout 2 >"$TMP/out" 2>"$TMP/err" </dev/null &
	front=$!
	sleep "0.$(printf %03d $((RANDOM % 400)))"
	supervisor=$(pgrep -P "$front")
	all=("$front")
	[ -z "$supervisor" ] || read -ra all <<<"$front $supervisor $(pgrep -P "$supervisor" | xargs)"
	pid=${all[RANDOM % ${#all[@]}]}
	local began=${EPOCHREALTIME//[.,]/}
	kill -KILL "$pid" 2>/dev/null # it may have ended
	wait "$front" 2>/dev/null
	[ $(((${EPOCHREALTIME//[.,]/} - began) / 1000)) -lt 2500 ] || not_ok "a random kill of $pid in ${all[*]} ends" "$(cat "$TMP/err")"
	wait_until 10 is_quiet || not_ok "left after a random kill of $pid in ${all[*]}" "$(left_running)"
}
for _ in $(seq "${WIRELAB_KILLS:-30}"); do random_kill; done
ok 'kills at random moments'
is 'the interfaces of the machine are untouched' "$interfaces_before" "$(ls /sys/class/net)"
nothing_left 'nothing is left'
finish
