#!/usr/bin/env bash
# What `wirelab run` does when it cannot: one clear message, the right status, nothing left running.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh

# refuses NAME STATUS STDERR-REGEX COMMAND...
refuses() {
	local name=$1 want=$2 regex=$3
	shift 3
	run "$@"
	is "$name: status" "$want" "$status"
	has "$name: the message" "$regex" "$err"
	nothing_left "$name: nothing left running"
}

refuses 'an unknown lab' 2 '77' "$WIRELAB" run 77
refuses 'an unknown variant' 2 'nonsense' "$WIRELAB" run 01 nonsense
refuses 'an unknown command' 2 'nonsense' "$WIRELAB" nonsense
refuses 'an unknown option' 2 'nonsense' "$WIRELAB" run 01 --nonsense
refuses 'a program that does not exist' 2 '/no/such/program' \
	"$WIRELAB" run 01 --client /no/such/program
refuses 'a server that does not exist' 2 '/no/such/program' \
	"$WIRELAB" run 01 --server /no/such/program
refuses 'a client that exits at once' 1 'client' "$WIRELAB" run 01 --client /bin/true
refuses 'a server that exits at once' 1 'server' "$WIRELAB" run 01 --server /bin/false
refuses 'a server that never listens' 1 'server' \
	"$WIRELAB" run 01 --timeout 2 --server 'sleep 100'
refuses 'a client that never connects' 1 'client' \
	"$WIRELAB" run 01 --timeout 2 --client 'sleep 100'
refuses 'a client that is killed' 1 'client' "$WIRELAB" run 01 --client "sh -c 'kill -9 \$\$'"

# A file to save to that cannot be written.
refuses '--save where nobody can write' 2 'No such file' \
	"$WIRELAB" run 01 --save /no/such/folder/x.pcapng

# No namespaces allowed: ENOSPC, as from user.max_user_namespaces=0, and without any capability.
forbidden() {
	unshare -U -c --keep-caps bash -c '
		echo 0 >/proc/sys/user/max_user_namespaces || exit 99
		exec setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$@"' - "$@"
}
if forbidden true 2>/dev/null; then
	export -f forbidden
	refuses 'no namespaces allowed' 2 'namespace' bash -c 'forbidden "$@"' - "$WIRELAB" run 01
	has 'no namespaces allowed: the message names a way' '--host|sudo|max_user_namespaces' "$err"
else
	skip 'no namespaces allowed' 'this machine does not let us forbid them'
fi

# A port in use, with --host: as root of a network namespace, where capturing is allowed.
if in_namespace true 2>/dev/null; then
	in_namespace bash -c '
		ip link set lo up
		"$WIRELAB_BIN/../labs/01-hello/server" 127.0.0.1 8080 >/dev/null 2>&1 &
		server=$!
		for i in {1..200}; do
			ss -Hltn "sport = :8080" | grep -q . && break
			sleep 0.1
		done
		timeout 30 "$WIRELAB" run 01 --host >"$TMP/out" 2>"$TMP/err"
		echo $? >"$TMP/status"
		kill $server' 2>/dev/null
	has 'port in use with --host: status 1 or 2' '^[12]$' "$(cat "$TMP/status")"
	has 'port in use with --host: the message' 'in use' "$(cat "$TMP/out" "$TMP/err")"
	nothing_left 'port in use with --host: nothing left running'
else
	skip 'port in use with --host' 'namespaces are forbidden here'
fi

# Standard output goes away: at most one line about it, and everything ends.
"$WIRELAB" run 01 2>"$TMP/err" </dev/null | head -n 1 >/dev/null
has 'a reader that goes away: one line at most' '^[01]$' "$(wc -l <"$TMP/err")"
nothing_left 'a reader that goes away: nothing left running'

# Ctrl-C in the middle of a run that would not end by itself.
start_run '"event":"program"' 01 --json --client 'sleep 100'
kill -INT "$front"
wait "$front"
has 'an interrupted run ends with a status of its own' '^(1|2|130)$' $?
is 'and its stream is whole' 0 "$(jq -e . "$TMP/out" >/dev/null 2>&1; echo $?)"
nothing_left 'an interrupted run: nothing left running'

# The runner is killed outright.
start_run '"event":"program"' 01 --json --client 'sleep 100'
kill -KILL "$front"
wait "$front" 2>/dev/null
nothing_left 'a killed runner: nothing left running'
finish
