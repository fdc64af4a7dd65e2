#!/usr/bin/env bash
# wirelab-trace from outside: files, pipes, filters, saving, signals, live capture, privileges.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/lib.sh
captures=tests/golden/captures
hello=$captures/close_three.pcap

# ---- files ----

segments() { # reads NDJSON on stdin, prints the number of segments
	grep -c '^{"event":"segment"'
}

run "$TRACE" -r "$hello"
is 'a capture file is shown as text' 0 "$status"
has 'the text names the handshake' 'SYN,ACK|Flags \[S\.\]' "$out"

all=$("$TRACE" -r "$hello" -o json | segments)
is 'the JSON has all its segments' 10 "$all"
is 'a capture comes through a pipe' "$all" "$("$TRACE" -r - -o json <"$hello" | segments)"
is 'a pipe that delivers byte by byte is waited for' "$all" \
	"$({ head -c 100 "$hello"; sleep 0.3; tail -c +101 "$hello"; } | "$TRACE" -r - -o json | segments)"
gzip -c "$hello" >"$TMP/hello.pcap.gz"
is 'gzip is read as it is' "$all" "$("$TRACE" -r "$TMP/hello.pcap.gz" -o json | segments)"
is 'gzip comes through a pipe' "$all" "$(gzip -c "$hello" | "$TRACE" -r - -o json | segments)"
is '-c ends after so many frames' 3 "$("$TRACE" -r "$hello" -c 3 -o json | segments)"
is 'a filter that fits passes all' "$all" "$("$TRACE" -r "$hello" -o json tcp port 8080 | segments)"
is 'a filter that does not fit passes nothing' 0 "$("$TRACE" -r "$hello" -o json udp | segments)"
is 'a filter works on mixed link types' 8 \
	"$("$TRACE" -r $captures/mixed_links.pcapng -o json tcp | segments)"
is '--stream shows one connection' 0 \
	"$("$TRACE" -r $captures/port_reuse.pcap --stream 1 -o json | grep -c '"tcp.stream":0[,}]')"
is 'the same input gives the same output' "$("$TRACE" -r "$hello" -o json | cksum)" \
	"$("$TRACE" -r "$hello" -o json | cksum)"

# ---- saving ----

for suffix in pcap pcapng ndjson; do
	run "$TRACE" -r "$hello" -w "$TMP/saved.$suffix"
	is "-w to .$suffix ends well" 0 "$status"
done
for suffix in pcap pcapng; do
	is "what was saved as $suffix reads back" "$all" \
		"$("$TRACE" -r "$TMP/saved.$suffix" -o json | segments)"
done
is 'the saved NDJSON has the segments' "$all" "$(segments <"$TMP/saved.ndjson")"
if command -v tcpdump >/dev/null; then
	for suffix in pcap pcapng; do
		is "tcpdump reads the saved $suffix" "$(tcpdump -nn -r "$hello" 2>/dev/null | cksum)" \
			"$(tcpdump -nn -r "$TMP/saved.$suffix" 2>/dev/null | cksum)"
	done
else
	skip 'tcpdump reads what was saved' 'tcpdump is not installed'
fi

# ---- outputs that fail ----

"$TRACE" -r "$hello" 2>"$TMP/err" | head -n 1 >/dev/null
is 'a reader that goes away is no fault' '0 ' "${PIPESTATUS[0]} $(cat "$TMP/err")"

"$TRACE" -r "$hello" >/dev/full 2>"$TMP/err"
is 'a full standard output ends with 2' 2 $?
has 'and says so' 'No space left' "$(cat "$TMP/err")"

# Frames up to where the disk was full are kept.
full_disk() {
	in_namespace bash -c '
		mount -t tmpfs -o size=16k none "$1" || exit 99
		for i in {1..60}; do cat "$2"; done >"$1.in"
		"$TRACE" -r "$3" -w "$1/full.pcap" 2>"$1.err"
		echo "status $?"
		"$TRACE" -r "$1/full.pcap" -o json 2>/dev/null | grep -c "\"segment\""
	' - "$TMP/disk" "$hello" "$TMP/big.pcap"
}
mkdir "$TMP/disk"
{ # one long capture: the file's header once, its frames many times
	head -c 24 "$hello"
	for _ in {1..60}; do tail -c +25 "$hello"; done
} >"$TMP/big.pcap"
full=$(full_disk 2>&1)
if [ "$full" = "${full#status}" ]; then
	skip '-w to a full disk' "no tmpfs here: $full"
else
	has '-w to a full disk ends with 2' '^status 2$' "$full"
	has 'and says so' 'No space left' "$(cat "$TMP/disk.err")"
	has 'and keeps what fitted' '^[1-9][0-9]+$' "$full"
fi

# ---- inputs that are no captures ----

# refuses NAME STDERR-REGEX ARGUMENT...: status 2, one line of message, no usage screen
refuses() {
	local name=$1 regex=$2
	shift 2
	run "$TRACE" "$@"
	is "$name: status 2" 2 "$status"
	has "$name: the message tells" "$regex" "$err"
	is "$name: one line" 1 "$(wc -l <"$TMP/err")"
}

echo 'this is no capture at all, whatever its name says' >"$TMP/text.pcap"
: >"$TMP/empty.pcap"
head -c 300 "$hello" >"$TMP/cut.pcap"
refuses 'a text file' 'not a capture|neither|no capture' -r "$TMP/text.pcap"
refuses 'an empty file' 'empty' -r "$TMP/empty.pcap"
refuses 'a file that is not there' 'No such file' -r "$TMP/absent.pcap"
refuses 'a folder' 'director|folder' -r "$TMP"
refuses 'a file cut in mid-packet' 'cut|ends' -r "$TMP/cut.pcap"
is 'and its whole frames are shown' 3 "$("$TRACE" -r "$TMP/cut.pcap" -o json 2>/dev/null | segments)"
{
	head -c 24 "$hello"
	head -c 48 /dev/zero # three headers that say 0 bytes
} >"$TMP/zero.pcap"
run "$TRACE" -r "$TMP/zero.pcap" -o json
is 'frames of 0 bytes are read' '0 3' "$status $(grep -c '^{"event":"frame"' <<<"$out")"
refuses 'a filter that is nonsense' 'filter|syntax' -r "$hello" port port
refuses 'an unknown form' 'no such form' -r "$hello" -o nonsense
refuses 'an unknown option' 'not an option' --nonsense
refuses 'no source at all' 'INTERFACE' -o text
refuses 'a folder that is not there for -w' 'No such file' -r "$hello" -w "$TMP/absent/x.pcap"
refuses 'an interface that does not exist' 'nosuch0' -i nosuch0
# Without capabilities, even as root.
run setpriv --bounding-set=-all --inh-caps=-all "$TRACE" -i lo
[ "$(id -u)" -eq 0 ] || run "$TRACE" -i lo
if [ "$(id -u)" -eq 0 ] || [ -z "$(getcap "$TRACE" 2>/dev/null)" ]; then
	is 'no permission to capture: status 2' 2 "$status"
	has 'no permission: the message names a mend' 'setcap|sudo|root' "$err"
fi

run "$TRACE" --version
is '--version' 0 "$status"
run "$TRACE" --help
is '--help' 0 "$status"

# ---- live ----

# In a namespace with a loopback of its own: a refused connection, then a signal.
live() { # SIGNAL WORD...
	in_namespace bash -c '
		. tests/e2e/lib.sh
		signal=$1
		shift
		ip link set lo up
		rm -f "$TMP/live"
		"$TRACE" -i lo "$@" >"$TMP/live" 2>"$TMP/live.err" &
		tracer=$!
		wait_until 20 grep -qs started "$TMP/live" || { echo "not started"; cat "$TMP/live.err"; }
		(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null
		wait_until 20 grep -qs RST "$TMP/live" || echo "no RST seen"
		grep -E "^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):" /proc/$tracer/status
		kill -"$signal" $tracer
		wait $tracer
		echo "status $?"
		cat "$TMP/live" "$TMP/live.err"
	' - "$@" 2>&1
}

if ! in_namespace true 2>/dev/null; then
	skip 'live capture' 'namespaces are forbidden here'
	finish
fi
for signal in INT TERM; do
	got=$(live $signal -o json)
	has "SIG$signal ends a live capture with 0" '^status 0$' "$got"
	is "SIG$signal: both segments of the refused connection" 2 "$(segments <<<"$got")"
	has "SIG$signal: the last event says that it ended" '"action":"ended"' "$got"
	has "SIG$signal: with the kernel's drops" '"dropped":0' "$got"
done
has 'the tracer has no capability' '^CapEff:[[:space:]]*0+$' "$got"
has 'and may get none' '^CapPrm:[[:space:]]*0+$' "$got"
has 'and no new privileges' '^NoNewPrivs:[[:space:]]*1$' "$got"
has 'and a seccomp filter' '^Seccomp:[[:space:]]*2$' "$got"

got=$(live INT -o json tcp src port 9)
is 'a live capture takes a filter' 1 "$(segments <<<"$got")"

got=$(in_namespace bash -c 'ip link set lo up; "$TRACE" -D' 2>&1)
has '-D lists lo' '^ *(1\.)? *lo' "$got"

nothing_left 'nothing is left running'
finish
