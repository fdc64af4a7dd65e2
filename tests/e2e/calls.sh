#!/usr/bin/env bash
# The programs' socket calls in a run: what is told of them, for C, Python and Go; and that to be followed
# changes nothing for a program: threads, children, signals, stops, exit statuses.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh

namespaces_or_skip
needs jq python3 cc
chmod 755 "$TMP"
cc -O1 -o "$TMP/busy" tests/e2e/calls/busy.c -pthread || not_ok 'the test client is built'
server="python3 $ROOT/tests/e2e/calls/echo.py {host} {port}"

# The calls that returned, one a line: "client read(3, up to 16 bytes) = 5". An error has its name behind -1.
calls() {
	jq -r 'select(.event == "call" and .action == "returned") |
		"\(.host) \(.name)(\(.fd // "-"), \(.arguments // "")) = \(.result) \(.errno // "")"' "$TMP/out"
}

# followed NAME CLIENT WORDS...: a run with that client, followed; sets told
followed() {
	local name=$1 client=$2
	shift 2
	run "$WIRELAB" run 01 --json -q --timeout 20 --server "$server" --client "$client {host} {port} $*"
	is "$name: the run is as it should be" '0 ' "$status $err"
	told=$(calls)
}

# tells NAME CALL...: all of these regular expressions are told, in this order
tells() {
	local name=$1 rest=$told call
	shift
	for call in "$@"; do
		if ! printf '%s\n' "$rest" | grep -qE -- "^$call *\$"; then
			not_ok "$name: $call" "$told"
			return
		fi
		rest=$(printf '%s\n' "$rest" | awk -v call="^$call *\$" 'found { print } $0 ~ call { found = 1 }')
	done
	ok "$name"
}

# The ids of the processes of the client that connected, and that of the client itself.
callers() {
	jq -r 'select(.event == "call" and .name == "connect").pid' "$TMP/out" | sort -u
}
client_pid() {
	jq -r 'select(.event == "program" and .action == "started" and .host == "client").pid' "$TMP/out"
}

# ---- the lab's own programs ----

run "$WIRELAB" run 01 --json -q
told=$(calls)
tells 'the server of lab 01' 'server socket[(]3, AF_INET SOCK_STREAM .*[)] = 3' \
	'server setsockopt[(]3, SOL_SOCKET SO_REUSEADDR 1[)] = 0' 'server bind[(]3, 127.0.0.1:8080[)] = 0' \
	'server listen[(]3, backlog [0-9]+[)] = 0' 'server accept4?[(]3, .*[)] = 4' 'server .*[(]4, 13 bytes.*[)] = 13' \
	'server close[(]4, [)] = 0'
tells 'the client of lab 01' 'client connect[(]3, 127.0.0.1:8080[)] = 0' 'client .*[(]3, 13 bytes.*[)] = 13' \
	'client .*[(]3, up to .* bytes.*[)] = 13' 'client close[(]3, [)] = 0'
is 'each call that returned has been entered' 0 "$(jq -s '[.[] | select(.event == "call")] |
	(map(select(.action == "returned").id) - map(select(.action == "entered").id)) | length' "$TMP/out")"
is 'the times are in order' true "$(jq -s '[.[] | select(.event == "call").time | tonumber] | . == sort' "$TMP/out")"
run "$WIRELAB" run 01 --json -q --no-calls
is '--no-calls tells none' '0 ' "$status $(calls)"
run "$WIRELAB" run 01 --json -q --no-pin
is '--no-pin tells the same' "$(sort <<<"$told")" "$(calls | sort)"

# ---- one thing after the other; each client checks itself that all goes as it should ----

for mode in talk threads fork shell exec nonblocking refused signals stop passed; do
	followed "$mode" "$TMP/busy" "$mode"
	tells "$mode: what it says and hears" 'client connect[(][0-9]+, 127.0.0.1:8080[)] = .*' \
		'client write[(][0-9]+, [26] bytes[)] = [26]'
	case $mode in
	threads) is 'the calls of each thread' 4 "$(jq -r 'select(.event == "call" and .name == "connect").tid' "$TMP/out" | sort -u | wc -l)" ;;
	fork) is "the child's calls too" 2 "$(callers | wc -l)" ;;
	shell) is "the grandchild's calls, and only its" "1 0" "$(callers | wc -l) $(callers | grep -cx "$(client_pid)")" ;;
	nonblocking) tells 'without waiting' 'client connect[(]3, .*[)] = -1 EINPROGRESS' \
		'client poll[(]3, fd 3 POLLOUT[)] = 1' 'client getsockopt[(]3, SOL_SOCKET SO_ERROR 0[)] = 0' \
		'client read[(]3, up to 1 byte[)] = -1 E(AGAIN|WOULDBLOCK)' 'client epoll_ctl[(]3, EPOLL_CTL_ADD .*[)] = 0' \
		'client epoll_p?wait[(]3, [)] = 0' 'client epoll_p?wait[(]3, EPOLLIN[)] = 1' \
		'client fcntl[(]3, without O_NONBLOCK[)] = 0' 'client read[(]3, up to 1 byte[)] = 1' ;;
	refused) tells 'a refusal' 'client connect[(]3, 127.0.0.1:9[)] = -1 ECONNREFUSED' ;;
	signals) tells 'an interrupted call' 'client read[(]3, up to 1 byte, interrupted by a signal[)] = -1 EINTR' \
		'client read[(]3, up to 1 byte, interrupted by a signal[)] = -1 EINTR' 'client read[(]3, up to 1 byte[)] = 1' ;;
	passed) tells 'a descriptor from elsewhere' 'client write[(]77, 2 bytes[)] = 2' 'client read[(]77, up to 1 byte[)] = 1' ;;
	esac
done

followed io_uring "$TMP/busy" uring
has 'io_uring: what cannot be seen is said' 'uses io_uring' "$out"

# Where ptrace is refused: one note, and everything else.
cc -o "$TMP/refuse" tests/e2e/calls/refuse.c || not_ok 'refuse is built'
run "$TMP/refuse" "$WIRELAB" run 01 --json -q
is 'without ptrace the run is as it should be' '0 ' "$status $err"
is 'without ptrace there is one note' 1 "$(grep -c 'ptrace is refused here' "$TMP/out")"
is 'and no call' '' "$(calls)"

# ended_by OPTION WORDS...: how the client ended, with that option
ended_by() {
	local option=$1
	shift
	run "$WIRELAB" run 01 --json -q ${option:+"$option"} --timeout 20 --server "$server" --client "$*"
	jq -r 'select(.event == "program" and .action == "exited" and .host == "client") | "\(.status) \(.signal)"' "$TMP/out"
}

for client in "$TMP/busy {host} {port} sigpipe" "sh -c 'exit 42'" "sh -c 'kill -SEGV \$\$'" "sh -c 'kill -TERM \$\$'"; do
	is "ends the same, followed or not: ${client##*/}" "$(ended_by --no-calls "$client")" "$(ended_by '' "$client")"
done

# What a program has set for AddressSanitizer stays; leaks are not looked for, which needs ptrace.
run env ASAN_OPTIONS=color=never "$WIRELAB" run 01 --json -q --server "$server" \
	--client "sh -c 'echo \$ASAN_OPTIONS; exec $TMP/busy {host} {port} talk'"
has 'the options of AddressSanitizer' 'color=never:detect_leaks=0' "$out"

# Each end of the whole, the calls of many programs in the middle of it.
for _ in 1 2 3 4 5 6 7 8; do
	"$WIRELAB" run 01 -q --timeout 5 --server "$server" --client "$TMP/busy {host} {port} flood" >/dev/null 2>&1 </dev/null &
	front=$!
	sleep "0.$((RANDOM % 9))"
	kill -s $((RANDOM % 2 ? 9 : 15)) "$(pgrep -P "$front" | head -n 1)" 2>/dev/null || kill -9 "$front"
	wait "$front" 2>/dev/null
	wait_until 10 is_quiet || not_ok 'left after a kill in a flood' "$(left_running)"
done
ok 'killed in a flood of calls, nothing is left'

# ---- other languages ----

cat >"$TMP/client.py" <<'PYTHON'
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as peer:
    peer.settimeout(5)
    peer.sendall(b"hello")
    peer.shutdown(socket.SHUT_WR)
    print(peer.recv(100), peer.recv(100))
PYTHON
followed python "python3 $TMP/client.py"
tells 'a Python client' 'client connect[(][0-9]+, 127.0.0.1:8080[)] = 0' 'client ioctl[(][0-9]+, FIONBIO 1[)] = 0' \
	'client sendto[(][0-9]+, 5 bytes.*[)] = 5' 'client shutdown[(][0-9]+, SHUT_WR[)] = 0' \
	'client recvfrom[(][0-9]+, up to 100 bytes.*[)] = 5' 'client recvfrom[(][0-9]+, up to 100 bytes.*[)] = 0' \
	'client close[(][0-9]+, [)] = 0'

cat >"$TMP/client.go" <<'GO'
package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

func main() {
	peer, err := net.Dial("tcp", os.Args[1]+":"+os.Args[2])
	if err != nil {
		os.Exit(1)
	}
	fmt.Fprint(peer, "hello\n")
	if _, err := io.ReadFull(peer, make([]byte, 6)); err != nil {
		os.Exit(1)
	}
	peer.Close()
}
GO
if ! command -v go >/dev/null; then
	skip 'a Go client' 'there is no go'
elif ! GOCACHE=$TMP/go-cache GOFLAGS=-mod=mod timeout 200 go build -o "$TMP/go-client" "$TMP/client.go" 2>"$TMP/go-err"; then
	skip 'a Go client' "go build: $(head -n 1 "$TMP/go-err")"
else
	followed go "$TMP/go-client"
	tells 'a Go client' 'client connect[(][0-9]+, 127.0.0.1:8080[)] = -1 EINPROGRESS' \
		'client write[(][0-9]+, 6 bytes[)] = 6' 'client read[(][0-9]+, up to 6 bytes[)] = 6' 'client close[(][0-9]+, [)] = 0'
fi

# ---- too much of it ----

# The largest resident set of the supervisor while the client floods, in KiB.
"$WIRELAB" run 01 --json -q --timeout 60 --server "$server" --client "$TMP/busy {host} {port} flood" >"$TMP/out" 2>"$TMP/err" </dev/null &
front=$!
most=0
while kill -0 "$front" 2>/dev/null; do
	for pid in $(pgrep -P "$front"); do
		rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
		[ "${rss:-0}" -le "$most" ] || most=$rss
	done
	sleep 0.05
done
wait "$front"
is 'a flood of calls ends' '0 ' "$? $(cat "$TMP/err")"
is 'each of them is told' 100000 "$(grep -c '"name":"write".*"result":1' "$TMP/out")"
is 'and the supervisor stays small' yes "$([ "$most" -lt 16384 ] && echo yes || echo "$most KiB")"
("$WIRELAB" run 01 -q --timeout 1 --server "$server" --client "$TMP/busy {host} {port} flood" 2>"$TMP/err" </dev/null) |
	(sleep 4 && tail -n 20 >"$TMP/out")
has 'a reader that waits: the run ends all the same' 'capture ended' "$(cat "$TMP/out")"
nothing_left 'nothing left running'
finish
