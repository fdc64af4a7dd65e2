#!/usr/bin/env bash
# The kernel as judge of what is inferred from segments: in every lab and variant, and in every way to open
# and close that kernel/ends.c knows, on the loopback and over the wire, the kernel's sockets are in the
# states that the segments say, at every quiet moment; or there is a reason. Prints the table.
# once: it needs no privilege, and says the same with one
. tests/e2e/run_lib.sh

namespaces_or_skip
needs jq python3 cc
chmod 755 "$TMP"
cc -O1 -D_GNU_SOURCE -o "$TMP/ends" tests/e2e/kernel/ends.c || not_ok 'the two ends are built'

# one_run NAME FILE WORDS...: a run; what agree.py says of it lies in FILE.said, with its status. The kernel is
# asked every 20 ms; where the machine lets the asker wait for longer than a moment lasts, what it said before
# seems to be so still. Such a run is made again, twice at most, and counted in FILE.again.
one_run() {
	local name=$1 file=$2 try status
	shift 2
	for try in 1 2 3; do
		timeout -k 5 60 "$WIRELAB" run "$@" --json -q >"$file" 2>"$file.err" </dev/null
		python3 tests/e2e/kernel/agree.py "$name" "$file" >"$file.said" 2>&1
		status=$?
		[ "$status" -ne 0 ] || break
		echo "$try" >>"$file.again"
	done
	echo "$status" >"$file.status"
}

# in_turns N: runs the lines of standard input (words of one_run), N at once
in_turns() {
	local most=$1 line words
	while IFS= read -r line; do
		while [ "$(jobs -rp | wc -l)" -ge "$most" ]; do wait -n; done
		IFS='|' read -ra words <<<"$line"
		one_run "${words[@]}" </dev/null &
	done
	wait
}

ways() {
	local way mode n=0
	for way in $("$TMP/ends" ways); do
		for mode in '' --wire; do
			[ "$way$mode" = crossing-open ] && continue # needs two hosts
			n=$((n + 1))
			echo "$way $mode|$TMP/way.$(printf %03d $n)|01|--timeout|8${mode:+|$mode}|--server|$TMP/ends server {host} {port} $way|--client|$TMP/ends client {host} {port} $way"
		done
	done
}

labs() {
	local folder lab variant mode n=0
	for folder in labs/[0-9]*-*; do
		lab=${folder#labs/}
		while IFS= read -r variant; do
			for mode in '' --wire; do
				[ -n "$variant" ] && [ -n "$mode" ] && continue # each lab over the wire once
				n=$((n + 1))
				echo "${lab%%-*} $variant $mode|$TMP/lab.$(printf %03d $n)|${lab%%-*}${variant:+|$variant}|--timeout|12${mode:+|$mode}"
			done
		done < <(echo && sed -n 's/^\[variant \(.*\)\]$/\1/p' "$folder/lab.conf")
	done
}

# how_it_ended FILE: what both say last, for whoever looks for the reason
how_it_ended() {
	jq -r 'select(.event == "segment" or .event == "kernel") | [(.time | .[6:14]), .event, .from // .host, .fate // .state,
		.flags // .inferred, .["tcp.seq"] // .reason, .["tcp.ack"], .["client.state"], .["server.state"]] | map(. // "-") | join(" ")' \
		"$1" | tail -n 24
}

# judge NAME FILES...: the table, and whether all agree
judge() {
	local name=$1 file wrong=''
	shift
	for file in "$@"; do
		cat "$file.said"
		[ "$(cat "$file.status")" = 0 ] || wrong+=$(cat "$file.said" "$file.err"; how_it_ended "$file")$'\n'
	done
	if [ -z "$wrong" ]; then ok "$name"; else not_ok "$name" "$wrong"; fi
}

echo '                                   --------- samples ---------   --- quiet moments ---'
echo '                                     all agreed moving reason     all agreed reason   wrong'
ways | in_turns 3
judge 'kernel and segments agree in every way to open and close' "$TMP"/way.[0-9][0-9][0-9]
labs | in_turns 3
judge 'kernel and segments agree in every lab' "$TMP"/lab.[0-9][0-9][0-9]
cat "$TMP"/{way,lab}.[0-9][0-9][0-9].said | awk '/^ /{next} {for (i = 0; i < 8; i++) sum[i] += $(NF - i)}
	END {printf "all: %d samples, %d agreed, %d while something moved, %d with a reason; " \
		"%d ends at quiet moments, %d agreed, %d with a reason; %d wrong\n", sum[7], sum[6], sum[5], sum[4], sum[3], sum[2], sum[1], sum[0]}' |
	tee "$TMP/sum"
again=$(cat "$TMP"/*.again 2>/dev/null | wc -l)
echo "made again: $again"
is 'hardly any run had to be made again' yes "$([ "$again" -le 6 ] && echo yes || echo "$again")"
has 'there was something to compare' '^all: [0-9]{3,} samples, .*; [0-9]{3,} ends' "$(cat "$TMP/sum")"
has 'some differed, with a reason' ', [1-9][0-9]* with a reason; [0-9]+ wrong$' "$(cat "$TMP/sum")"

# ---- the option, and where the kernel is not asked ----

run "$WIRELAB" run 01 --json -q --no-kernel
is '--no-kernel tells nothing' '0 0' "$status $(grep -c '"event":"kernel"' "$TMP/out")"
run "$WIRELAB" run 01 --json -q
is 'without it the listener is told first' LISTEN "$(jq -r 'select(.event == "kernel").state' "$TMP/out" | head -n 1)"
is 'the end that closed first is told to be in TIME-WAIT for 60 s' true \
	"$(jq -s 'map(select(.event == "kernel" and .state == "TIME-WAIT")) | .[0] | .timer == "time-wait" and .timer_left > 55' "$TMP/out")"
is 'every socket is gone at the end, or in TIME-WAIT' '' "$(jq -rs '[.[] | select(.event == "kernel")] |
	group_by([.host, ."local.port", ."remote.port"]) | map(last.state) | map(select(. != "CLOSED" and . != "TIME-WAIT")) | .[]' "$TMP/out")"
run "$WIRELAB" run 06 --wire --fault 'drop client data 1' --json -q
is 'a loss is told as one' true "$(jq -s 'any(.event == "kernel" and .news == "loss" and .total_retrans == 1)' "$TMP/out")"
run "$WIRELAB" run 01 -q
has 'as text: a line for a new state' "^ +[0-9.]+ client's kernel: [0-9.:]+ > 127.0.0.1:8080 ESTABLISHED, cwnd 10" "$out"
run "$WIRELAB" run 01 --ladder -q
has 'on the ladder: TIME-WAIT' '(TIME-WT .*)?kernel: TIME-WAIT for (59|60)[0-9.]* s' "$out"
finish
