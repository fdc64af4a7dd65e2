#!/usr/bin/env bash
# `wirelab run` when something ends otherwise than planned: programs that fail, hang or are killed, the
# learner's Ctrl-C, kill -9 of each process and at random moments. Whatever it is: a message, the right
# status, within two seconds, and nothing left behind.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh

mounts_before=$(cat /proc/self/mounts)
namespaces_or_skip

# expect NAME STATUS MESSAGE WORDS...: a run of lab 01 that does not go well
expect() {
	local name=$1 wanted=$2 message=$3
	shift 3
	run "$WIRELAB" run "$@"
	is "$name: status" "$wanted" "$status"
	has "$name: the message" "^wirelab: .*$message" "$err"
	is "$name: one message" 1 "$(grep -c '^wirelab' "$TMP/err")"
}

# ---- usage ----

expect 'no lab' 2 'which lab'
expect 'an unknown lab' 2 "no lab '77'" 77
expect 'an unknown variant' 2 "no-such" 06 no-such
expect 'too many words' 2 "too many words: c .*--client 'CMD" 01 a c
expect 'a port out of range' 2 '1 to 65535' 01 --port 65536
expect 'a timeout that is no number' 2 'not soon' 01 --timeout soon
expect 'a suffix that says nothing' 2 'pcapng' 01 --save "$TMP/x.txt"
is 'and no file is made for it' '' "$(ls "$TMP/x.txt" 2>/dev/null)"
expect 'a folder that is not there' 2 'cannot write' 01 --save "$TMP/none/x.pcap"
expect 'an open quote' 2 'not closed' 01 --client "a 'b"
expect 'an empty command' 2 'empty' 01 --server ''
expect 'a pace without the screen' 2 '--pace is for the screen' 01 --text --pace 700ms
expect 'a pace off a terminal' 2 '--pace is for the screen' 01 --pace 700ms
mkfifo "$TMP/pipe.pcap"
expect 'a pipe without a reader' 2 'a pipe that nobody reads' 01 --save "$TMP/pipe.pcap"
run "$WIRELAB" run --frobnicate
has 'a wrong option: in our name' '^wirelab run: ' "$err"

# ---- programs that do not do what they should ----

expect 'a program that is not in PATH' 2 'cannot run no-such: .*PATH.* ./no-such' 01 -q --client no-such
expect 'a program that does not exist' 2 'cannot run ./no-such: there is no such file' 01 -q --server ./no-such
echo 'no program' >"$TMP/text"
expect 'a file that may not be executed' 2 'chmod \+x' 01 -q --client "$TMP/text"
chmod +x "$TMP/text"
expect 'a file that is no program' 2 '#!' 01 -q --client "$TMP/text"
expect 'a server that ends at once' 1 'server ended \(exit status 3\) before it listened on port 8080' 01 -q --server "sh -c 'exit 3'"
expect 'a server that never listens' 1 'after 1 s .* the server to listen on port 8080' 01 -q --timeout 1 --server 'sleep 50'
expect 'a server on another port' 1 'it listens on port 8081' 01 -q --timeout 3 \
	--server "$WIRELAB_BIN/../labs/01-hello/server {host} 8081"
expect 'a client that never connects' 1 'without a connection' 01 -q --client true
expect 'a client that fails' 1 'client ended with exit status 4, expected 0; it never tried' 01 -q --client "sh -c 'exit 4'"
expect 'a client that crashes' 1 'client was killed by signal 11' 01 -q --client 'sh -c "kill -SEGV $$"'
expect 'a client that hangs' 1 'after 2 s .* the client to end' 01 -q --timeout 2 --client 'sleep 50'
cat >"$TMP/stubborn.sh" <<'STUBBORN'
trap '' TERM INT HUP
while :; do sleep 1; done
STUBBORN
expect 'a client that hangs and ignores SIGTERM' 1 'after 2 s' 01 -q --timeout 2 --client "bash $TMP/stubborn.sh"
has 'it is killed' 'client killed by SIGKILL from the runner' "$out"
cat >"$TMP/hold.sh" <<'HOLD'
exec 3<>"/dev/tcp/$1/$2"
(trap '' HUP; exec setsid sleep 50) &
HOLD
expect 'a connection that stays open' 1 'the connections to close: 127.0.0.1:[0-9]+ > 127.0.0.1:[0-9]+ is in ' \
	01 -q --timeout 3 --client "bash $TMP/hold.sh {host} {port}"
nothing_left 'not even the process that held it'

# ---- a lab's own preparation ----

kit=$TMP/kit
mkdir -p "$kit/bin" "$kit/labs"
cp "$WIRELAB" "$TRACE" "$kit/bin/"
cp labs/README.md "$kit/labs/" && cp -RL "$WIRELAB_BIN/../labs/01-hello" "$kit/labs/"
sed "/^\[lab\]/a prepare = prepare {port} $TMP/made" labs/01-hello/lab.conf >"$kit/labs/01-hello/lab.conf"

# prepares NAME STATUS MESSAGE SCRIPT WORDS...: the lab with that as its preparation
prepares() {
	printf '#!/bin/sh\n%s\n' "$4" >"$kit/labs/01-hello/prepare"
	chmod 755 "$kit/labs/01-hello/prepare"
	run "$kit/bin/wirelab" run 01 -q "${@:5}"
	is "a preparation that $1: status" "$2" "$status"
	has "a preparation that $1: the message" "$3" "$err"
	nothing_left "a preparation that $1: nothing left"
}
mkdir "$TMP/made" && echo "the machine's" >"$TMP/made/it"
prepares 'goes well' 0 '^$' 'sleep 0.3; mkdir -p "$2"; echo "made for $1" >"$2/it"' \
	--server "sh -c 'cat \$0 && exec $kit/labs/01-hello/server {host} {port}' $TMP/made/it"
has 'what it has made is there when the server starts' 'server.*made for 8080' "$out"
is "and nothing was made in the machine's" "the machine's" "$(cat "$TMP/made/it")"
prepares 'fails' 2 '`prepare \{port\} .*`, which prepares the lab, failed: exit status 3' 'exit 3'
is 'and then no program is started' '' "$(grep ' started' <<<"$out" | grep -v capture)"
prepares 'is killed' 2 'prepares the lab, failed: signal 9' 'kill -KILL $$'
prepares 'hangs' 1 'after 1 s .* preparation to end' 'sleep 50' --timeout 1
rm "$kit/labs/01-hello/prepare"
run "$kit/bin/wirelab" run 01 -q
is 'a preparation that is not built: status' 2 "$status"
has 'a preparation that is not built: the mend' 'cannot run .*/prepare, which prepares the lab; build it' "$err"
run "$kit/bin/wirelab" list
has 'and the list says so' '^ 01 .*not built: run `make`' "$out"

# ---- its own output ----

timeout 20 "$WIRELAB" run 01 2>"$TMP/err" </dev/null | head -n 1 >"$TMP/out"
is 'a reader that leaves: two' '2 1' "${PIPESTATUS[0]} $(wc -l <"$TMP/out")"
nothing_left 'a reader that leaves: nothing left'
if [ -w /dev/full ]; then
	timeout 20 "$WIRELAB" run 01 2>"$TMP/err" </dev/null >/dev/full
	is 'a full disk: two' '2 1' "$? $(wc -l <"$TMP/err")"
fi
timeout 20 "$WIRELAB" run 01 -q 2>"$TMP/err" </dev/null >&-
is 'no standard output at all: two' 2 $?
timeout 20 "$WIRELAB" run 01 -q <&- >"$TMP/out" 2>&-
is 'no standard input and error: fine' 0 $?
("$WIRELAB" run 01; echo "status $?" >&2) 2>"$TMP/err" </dev/null | (sleep 7 && cat >"$TMP/out")
is 'a slow reader gets everything' 'status 0' "$(cat "$TMP/err")"
has 'a slow reader gets the end' 'capture ended' "$(cat "$TMP/out")"

# ---- signals and kills ----

# start WORDS...: a run that lasts until it is ended
start() {
	start_run 'client started' "$@"
}

for signal in INT TERM HUP; do
	start 01 -q --client 'sleep 50'
	kill -s "$signal" "$front"
	end_of "SIG$signal" 1
	has "SIG$signal is told" 'interrupted; it still waited for the client to end' "$(cat "$TMP/err")"
	has "SIG$signal: the capture ends in order" 'capture ended' "$(cat "$TMP/out")"
done
# At any moment of the beginning: whatever has been started by then is told to stop, and hears it.
for delay in 00 01 02 02 03 03 04 04 05 05 06 07; do
	"$WIRELAB" run 01 -q >"$TMP/out" 2>"$TMP/err" </dev/null &
	front=$!
	sleep "0.$delay"
	kill -s TERM "$front" 2>/dev/null # it may have ended
	began=${EPOCHREALTIME//[.,]/}
	wait "$front" 2>/dev/null
	[ $(((${EPOCHREALTIME//[.,]/} - began) / 1000)) -lt 2000 ] || not_ok "SIGTERM after 0.$delay s" "$(cat "$TMP/err")"
done
nothing_left 'a run that is stopped as it begins leaves nothing'
start 01 -q --client "bash $TMP/stubborn.sh"
kill -s INT "$front"
wait_until 20 grep -q 'client gets SIGTERM' "$TMP/out"
kill -s INT "$front"
end_of 'Ctrl-C twice' 1
start_run 'client exited' 01 -q --keep
has '--keep: the server goes on' 'Ctrl-C' "$(cat "$TMP/err")"
kill -s INT "$front"
end_of '--keep and Ctrl-C are as planned' 0
start_run 'client exited' 01 -q --timeout 2 --keep
sleep 2.1
is '--keep outlives the timeout' yes "$(kill -0 "$front" && echo yes)"
kill -s TERM "$front"
end_of '--keep and SIGTERM are as planned' 0

# child_of NAME: the supervisor's child of that name
child_of() {
	pgrep -P "$supervisor" -x "$1"
}

begin() {
	start 01 -q --client "sh -c 'sleep 51 & setsid sleep 52 & exec sleep 50'"
	wait_until 20 child_of sleep >"$TMP/sleeps" # until then it is a shell
}
begin && kill -KILL "$(child_of sleep)"
end_of 'the client is killed' 1
has 'the client is killed: the message' 'client was killed by signal 9' "$(cat "$TMP/err")"
begin && kill -KILL "$(child_of server)"
end_of 'the server is killed' 1
has 'the server is killed: the message' 'server was killed by signal 9' "$(cat "$TMP/err")"
begin && kill -KILL "$(child_of wirelab-trace)"
end_of 'the tracer is killed' 2
has 'the tracer is killed: the message' 'tracer was killed by signal 9' "$(cat "$TMP/err")"
begin && kill -KILL "$supervisor"
end_of 'the supervisor is killed' 2
has 'the supervisor is killed: the message' 'supervisor was killed by signal 9' "$(cat "$TMP/err")"
begin && kill -KILL "$front"
end_of 'wirelab is killed' 137
begin && kill -KILL "$front" "$supervisor" 2>/dev/null # the second may be faster
end_of 'wirelab and the supervisor are killed' 137

# Any process of a run, at any moment.
random_kill() {
	local all=() pid generation
	"$WIRELAB" run 06 -q --timeout 2 >/dev/null 2>&1 </dev/null &
	front=$!
	sleep "0.$(printf %03d $((RANDOM % 110)))"
	for ((generation = front; generation; )); do
		read -ra more <<<"$(pgrep -P "$generation" | xargs)"
		all+=("$generation" "${more[@]}")
		generation=${more[0]-}
	done
	pid=${all[RANDOM % ${#all[@]}]}
	kill -KILL "$pid" 2>/dev/null # it may have ended
	wait "$front" 2>/dev/null
	wait_until 10 is_quiet || not_ok "left after a random kill of $pid in ${all[*]}" "$(left_running)"
}
for _ in $(seq 30); do random_kill; done
ok 'thirty kills at random moments'
# ---- a busy machine ----

# It has something to do when its client has gone, and must share each processor with others: no reason
# to end it before it has said so.
if command -v python3 >/dev/null; then
	cat >"$TMP/afterwards.py" <<'PY'
import os, socket, time
listener = socket.create_server(("", int(os.environ["WIRELAB_PORT"])))
while True:
    client, _ = listener.accept()
    client.sendall(client.recv(100))
    client.close()
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    print("That was one.")
PY
	others=()
	for _ in $(seq $((4 * $(nproc)))); do
		setsid timeout 60 bash -c 'while :; do :; done' &
		others+=($!)
	done
	run "$WIRELAB" run 01 -q --text --server "python3 $TMP/afterwards.py"
	kill "${others[@]}"
	wait "${others[@]}" 2>/dev/null
	has 'who is slow because the machine is busy has his say' 'That was one' "$out"
else
	skip 'a server on a busy machine' 'there is no python3'
fi

is 'the mounts of the machine are untouched' "$mounts_before" "$(cat /proc/self/mounts)"
finish
