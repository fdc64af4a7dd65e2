# Helpers for the tests of labs 35 to 37 against other programs; source it: . tests/e2e/web_lib.sh
# shellcheck shell=bash
. tests/e2e/peers_lib.sh

needs curl
# shellcheck disable=SC2034 # the caller uses them
HTTP10=$LABS/35-http10 HTTP11=$LABS/36-http11 WEBSOCKET=$LABS/37-websocket

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

# connected PORT N: so many clients are.
connected() {
	[ "$(ss -Htn state established "sport = :$1" | wc -l)" -ge "$2" ]
}

# stuck PORT: a client there does not take what is said to it.
stuck() {
	ss -Htn state established "sport = :$1" | awk '$2 > 0 { some = 1 } END { exit !some }'
}

# status_of TEXT: the numbers in its status lines, in a row.
status_of() {
	printf '%s' "$1" | tr -d '\000' | grep -aoE '^HTTP/1\.[01] [0-9]{3}' | cut -d' ' -f2 | tr '\n' ' ' | sed 's/ $//'
}
