#!/usr/bin/env bash
# The learner's hand on the wire: `wirelab run --step` on a real terminal.
. tests/e2e/run_lib.sh
. tests/e2e/tmux_lib.sh
"$WIRELAB" doctor | grep -q '^missing.*veth' && skip_all 'this machine has no veth'
namespaces_or_skip

# ---- step by step, in every size ----

for size in '80 24' '120 40' '50 16'; do
	# shellcheck disable=SC2086 # two words
	begin $size "$WIRELAB" run 01 --step --no-calls
	sees "the SYN waits at $size" '(─|> ~ )> SYN, waits'
	sees "the first line says so at $size" 'HOLD: [1-9]'
	keys .
	sees "it goes on, and the answer waits at $size" 'SYN,ACK, waits'
	keys H
	sees "all flow, and the run ends at $size" '^ (LIVE|PAUSED).* ended'
	keys Q
	sees "it ends well at $size" '^EXIT 0'
done

# ---- every key ----

begin 100 40 "$WIRELAB" run 01 --step --no-calls
sees 'the keys stand in the last line' 'let go .*lose .*double .*spoil .*hold/flow'
sees 'a frame is there to lose' 'SYN, waits'
keys D
sees 'lost by hand' 'LOST SYN seq=0 .*x'
sees 'its sender tries again' 'SYN, waits'
keys .
sees 'the answer' '> SYN,ACK, waits|SYN,ACK, waits'
keys H
sees 'the connection opens' 'ESTABLISHED'
sees 'and the run ends' '^ (LIVE|PAUSED).* ended'
keys Q
sees 'with the status of a run' '^EXIT 0'

begin 100 40 "$WIRELAB" run 06 --wire --no-calls --fault "'delay 1s'"
sees 'frames under way are drawn without being held' '│─.*SYN─+■'
keys H
sees 'and held while others fly' 'HOLD'
keys H
keys C-c
sees 'Ctrl-C ends it' '^EXIT [0-9]'

# ---- the end at any moment ----

begin 80 24 "$WIRELAB" run 01 --step --no-calls
sees 'frames wait' 'SYN, waits'
began=${EPOCHREALTIME//[.,]/}
keys Q
sees 'quitting in step mode ends the run' '^EXIT [0-9]'
is 'without a word of the tracer' '' "$(screen | grep wirelab-trace)"
took=$(((${EPOCHREALTIME//[.,]/} - began) / 1000))
is 'within two seconds' yes "$([ "$took" -lt 2500 ] && echo yes || echo "$took ms")"
tmux_ kill-server
nothing_left 'nothing is left'

begin 80 24 "$WIRELAB" run 01 --step --no-calls
sees 'frames wait again' 'SYN, waits'
for pid in $(pgrep -x wirelab-wire); do
	if is_marked "$pid"; then kill -KILL "$pid"; fi # others run at the same time
done
sees 'the wire is killed: the screen stays' '^ (LIVE|PAUSED).* ended'
keys Q
sees 'the wire is killed: it is said' 'wirelab: the wire was killed by signal 9'
sees 'the wire is killed: status' '^EXIT 2'
tmux_ kill-server
nothing_left 'nothing is left after that'
finish
