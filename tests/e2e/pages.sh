#!/usr/bin/env bash
# The ladder that a lab's page quotes has the shape of a real run: its arrows are found in the run's
# segments, in that order, with the numbers that the page gives ("?" stands for any). PSH is left out of the
# comparison, since a stream may be cut otherwise in each run, and so are windows and options.
# once: a learner, who is no root, is whom it is for
. tests/e2e/run_lib.sh
namespaces_or_skip

# arrows PAGE: of its first ladder, one a line: side, flags, and what it says of seq, ack and len.
arrows() {
	awk '/^```/ { fence = !fence; if (!fence && any) exit; next }
		fence && /CLIENT/ { any = 1 }
		fence && any' "$1" | grep -oE '[|│](---|───|<--|◄──)[A-Z][A-Z,]*[^|│]*' |
		sed -E 's/^[|│](---|───)/client /; s/^[|│](<--|◄──)/server /; s/[-─>►]+$//; s/PSH,//; s/^(client|server) ([A-Z0-9?!]+ )*((SYN|FIN|RST|ACK)[,A-Z]*)/\1 \3/; s/ UDP .* > .* len / UDP len=/' |
		awk '{ line = $1 " " $2
			for (i = 3; i <= NF; i++) if ($i ~ /^(seq|ack|len)=[0-9]+$/) line = line " " $i
			print line }'
}

# segments LAB [VARIANT]: of a run, in the same words, with all numbers.
segments() {
	"$WIRELAB" run "$@" --json -q --no-calls --no-kernel 2>/dev/null </dev/null |
		jq -r 'if .event == "datagram" then
			"\(if ."udp.dstport" == 8080 then "client" else "server" end) UDP len=\(.payload)"
		elif .event == "segment" then
			"\(.from) \(.flags | sub("PSH,"; "") | sub(",PSH"; "")) seq=\(."tcp.seq") ack=\(."tcp.ack") len=\(."tcp.len")" else empty end'
}

# missing ARROWS SEGMENTS: the first arrow that no segment behind the one before matches.
missing() {
	awk 'FNR == NR { segment[++n] = $0; next }
		{ for (found = 0; at < n && !found; ) {
				$0 = $0
				split(segment[++at], have, " ")
				found = have[1] == $1 && same_flags(have[2], $2)
				for (i = 3; i <= NF && found; i++) found = index(segment[at] " ", " " $i " ") > 0
			}
			if (!found) { print; exit } }
		function same_flags(a, b) { return a == b || swap(a) == b }
		function swap(f, p) { return split(f, p, ",") == 2 ? p[2] "," p[1] : f }' "$2" "$1"
}

for page in labs/[0-9][0-9]-*/README.md; do
	lab=${page#labs/}
	lab=${lab%%-*}
	arrows "$page" >"$TMP/arrows"
	[ -s "$TMP/arrows" ] || continue
	segments "$lab" >"$TMP/segments"
	# a page may tell of a variant, or of several one after the other
	mapfile -t variants < <(sed -n 's/^\[variant \(.*\)\]/\1/p' "${page%README.md}lab.conf")
	for variant in "${variants[@]}"; do
		[ -n "$(missing "$TMP/arrows" "$TMP/segments")" ] || break
		segments "$lab" "$variant" >>"$TMP/segments"
	done
	for _ in 1 2 3; do # what depends on who is quicker may need another run
		[ -n "$(missing "$TMP/arrows" "$TMP/segments")" ] || break
		segments "$lab" >"$TMP/segments"
	done
	is "the ladder of lab $lab's page is that of a run ($(wc -l <"$TMP/arrows") arrows)" '' "$(missing "$TMP/arrows" "$TMP/segments")"
done
finish
