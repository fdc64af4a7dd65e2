# Helpers for the tests of labs 35 to 37 against other programs; source it: . tests/e2e/web_lib.sh
# The script goes on in a network of its own: no port is taken there, and all can be captured.
# shellcheck shell=bash
. tests/e2e/run_lib.sh

command -v curl >/dev/null || skip_all 'needs curl'
command -v ip >/dev/null || skip_all 'needs ip'
if [ -z "${WIRELAB_TEST_INSIDE-}" ]; then
	in_namespace true 2>/dev/null || skip_all 'this machine lets us make no namespaces'
	WIRELAB_TEST_INSIDE=yes in_namespace "$0"
	exit
fi
ip link set lo up
LABS=$WIRELAB_BIN/../labs
# shellcheck disable=SC2034 # the caller uses them
HTTP10=$LABS/35-http10 HTTP11=$LABS/36-http11 WEBSOCKET=$LABS/37-websocket

peers=()
end_peers() {
	for pid in "${peers[@]}"; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$TMP"
}
trap end_peers EXIT

# start PORT COMMAND...: in the background, until something listens there; sets peer, its process id.
start() {
	local port=$1
	shift
	"$@" >"$TMP/peer-$port.log" 2>&1 </dev/null &
	peer=$!
	peers+=("$peer")
	wait_until 10 listens "$port" || not_ok "$* listens" "$(cat "$TMP/peer-$port.log")"
}

listens() {
	ss -Hltn "sport = :$1" | grep -q .
}

# stop PID: with SIGTERM; its status.
stop() {
	kill "$1"
	wait "$1"
}

# raw PORT [SECONDS]: says the standard input, and then nothing more but does not close; prints what
# comes back until the other end closes.
raw() {
	exec 3<>"/dev/tcp/127.0.0.1/$1" || return
	cat >&3
	timeout "${2:-10}" cat <&3
	local status=$?
	exec 3>&-
	[ "$status" -ne 124 ] || echo 'NOT CLOSED'
}

# status_of TEXT: the numbers in its status lines, in a row.
status_of() {
	printf '%s' "$1" | tr -d '\000' | grep -aoE '^HTTP/1\.[01] [0-9]{3}' | cut -d' ' -f2 | tr '\n' ' ' | sed 's/ $//'
}
