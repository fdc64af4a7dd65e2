#!/usr/bin/env bash
# Messages of HTTP and DNS, told by wirelab-trace and by tshark: over the golden captures, those in
# ../shared/captures where they are, and what curl, python's http.server, nginx, dig and dnsmasq say to
# each other here. They agree message by message; what is not there is skipped.
# once: it needs no privilege, and says the same with one
. tests/e2e/lib.sh
needs python3 tshark

# agrees NAME LEAST CAPTURE...: of at least so many messages 99.5 % are told alike by both.
agrees() {
	local name=$1 least=$2
	shift 2
	timeout 300 "$PYTHON" tests/e2e/messages/agree.py "$TRACE" "$@" >"$TMP/agree" 2>&1
	agree "$name" "$TMP/agree"
	if [ "$(awk '/ agree \(/ { n += $4 } END { print n + 0 }' "$TMP/agree")" -ge "$least" ]
	then ok "$name: at least $least messages were compared"; else not_ok "$name: compared" "$(cat "$TMP/agree")"; fi
}

agrees golden 25 tests/golden/captures/*
if [ -d "$WIRELAB_SHARED/captures" ]; then
	agrees 'shared captures' 10 "$WIRELAB_SHARED"/captures/*.pcap*
else
	skip 'shared captures' 'they are not here'
fi

# ---- real peers ----

command -v curl >/dev/null || { skip 'real peers' 'curl is not installed'; finish; }
in_namespace true 2>/dev/null || { skip 'real peers' 'namespaces are not allowed here'; finish; }
in_namespace timeout -k 5 120 tests/e2e/messages/record "$TMP" >"$TMP/record" 2>&1
is 'the peers are content' '' "$(grep -v '^skip ' "$TMP/record")"
while read -r _ line; do skip "${line%%: *}" "${line#*: }"; done < <(grep '^skip ' "$TMP/record")
for name in python nginx names; do
	[ -s "$TMP/$name.pcap" ] && agrees "$name" 15 "$TMP/$name.pcap"
done

# ---- what only shows in the events ----

if [ -s "$TMP/python.pcap" ]; then
	told=$("$TRACE" -r "$TMP/python.pcap" -o json -q | grep '"event":"message"')
	is 'nothing is wrong with what real peers say' '' "$(grep '"trouble"' <<<"$told")"
	is 'a body that took many frames names how many' 1 \
		"$(grep '"kind":"response"' <<<"$told" | grep -c '"length":3000[0-9]*,.*"frames.count":[1-9][0-9]')"
	is 'each answer names its request' "$(grep -c '"kind":"response"' <<<"$told")" \
		"$(grep '"kind":"response"' <<<"$told" | grep -c '"request_frame":[0-9]*,"latency":')"
	has '--stats has a line for the protocol' '^http +[0-9]+/[0-9]+ ' \
		"$("$TRACE" -r "$TMP/python.pcap" -o none --stats --messages 2>/dev/null)"
	is '--no-messages finds none' 0 \
		"$("$TRACE" -r "$TMP/python.pcap" -o json -q --no-messages | grep -c '"event":"message"')"
fi
finish
