# Helpers for the scripts `record`, which record what real peers say to each other, each in a network namespace of
# its own; source it: . "$ROOT/tests/e2e/record_lib.sh"
# A test that sets what lib.sh sets calls them with a folder, where they go on. Whatever they print went wrong.
# shellcheck shell=bash
set -u
ip link set lo up
cd "$1" || exit 1
pids=()

# soon COMMAND...: waits until it succeeds, 20 s at most; says so if it did not.
soon() {
	local i
	for ((i = 0; i < 400; i++)); do
		"$@" && return
		sleep 0.05
	done
	echo "not within 20 s: $*" >&2
	return 1
}

# listens PORT: does somebody, to TCP or UDP?
listens() {
	ss -Hlntu "sport = :$1" | grep -q .
}

# begin PORT COMMAND...: a server, until somebody listens there.
begin() {
	local port=$1
	shift
	"$@" >>server.log 2>&1 </dev/null &
	pids+=($!)
	soon listens "$port" || tail -n 3 server.log
}

# capture NAME: what follows, until stop; to NAME.pcap.
capture() {
	"$TRACE" -i lo -s 0 -w "$1.pcap" -o none --ready 3 3>"$1.ready" 2>"$1.err" &
	tracer=$!
	soon grep -qs ready "$1.ready" || cat "$1.err"
}

# stop: the capture, when the last connections have closed, and the servers.
stop() {
	sleep 0.5
	kill -INT "$tracer"
	wait "$tracer" || echo "the tracer failed"
	[ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2>/dev/null
	wait
	pids=()
}

fetch() {
	curl -sS -m 20 "$@" >/dev/null
}
