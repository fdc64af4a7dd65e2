#!/usr/bin/env bash
# The TUI on a real terminal, tmux: a capture, a live lab, resizes, ends of all kinds.
. tests/e2e/lib.sh
. tests/e2e/tmux_lib.sh
TUI=$WIRELAB_BIN/wirelab-tui
CAPTURE=tests/golden/captures/close_four.pcap

# ---- a capture, in every size ----

for size in '80 24' '120 40' '60 20' '40 8'; do
	# shellcheck disable=SC2086 # two words
	begin $size "$TUI" -r "$CAPTURE"
	sees "opens at $size" '^> .*SYN'
	keys s
	sees "steps at $size" 'STEP +5/14'
	keys '?'
	sees "explains its keys at $size" 'step forward'
	keys q
	sees "comes back from the help at $size" '^> .*SYN,ACK'
	keys Q
	sees "ends well at $size" '^EXIT 0'
done

# ---- resizes at any moment ----

begin 80 24 "$TUI" -r "$CAPTURE"
sees 'is open' '^> .*SYN'
for size in '120 40' '45 10' '39 6' '200 50' '80 24'; do
	# shellcheck disable=SC2086 # two words
	set -- $size
	tmux_ resize-window -x "$1" -y "$2"
	if [ "$1" -lt 40 ]; then
		sees "says what it needs at $size" 'need 40x8, have 39x6'
	else
		sees "is drawn anew at $size" '^> .*SYN'
	fi
done
keys / fin
tmux_ resize-window -x 60 -y 20
sees 'a resize keeps the prompt' '^/fin'
keys Enter
sees 'and the search counts its hits' '/fin 1/'
begin 80 24 "$TUI" -r "$CAPTURE"
sees 'is open again' '^> .*SYN'

# ---- a message and its segment ----

begin 100 30 "$TUI" -r tests/golden/captures/http.pcap
sees 'a capture of messages is open' '^#0 +> .*SYN'
keys / See Enter
sees 'a message is found' '^#0 +> .*HTTP/1.1 303 See Other'
keys m
sees 'without messages its segment is selected' '^#0 +> .*PSH,ACK seq=239 ack=305 len=63'
keys m
sees 'with them it is selected again' '^#0 +> .*HTTP/1.1 303 See Other'
keys Enter
sees 'Enter leads to its segment' '^#0 +> .*PSH,ACK seq=239 ack=305 len=63'
keys Enter
sees 'and back' '^#0 +> .*HTTP/1.1 303 See Other'

# ---- characters that terminals measure in their own ways ----

# A family, joined; a thumb with a colour; a Korean syllable in its parts; Hebrew with points.
grep '^{' tests/golden/expected/http.pcap.json |
	sed 's|GET /hello HTTP/1.1|GET /\\ud83d\\udc69\\u200d\\ud83d\\udc66 \\ud83d\\udc4d\\ud83c\\udffd \\u1100\\u1161\\u11a8 \\u05d0\\u05bf\\u05c1 end|' >"$TMP/wide.ndjson"
begin 100 30 "$TUI" -r "$TMP/wide.ndjson"
sees 'a capture of such messages is open' '^#0 +> .*SYN'
keys / end Enter
sees 'what is disputed is left out, what is not known is a ?, and the lane stands' \
	'http +│ GET /👩👦 👍 ᄀ[?][?] א[?][?] end  \(62 bytes, frames 4, 6\) +│$'
begin 80 24 "$TUI" -r "$CAPTURE"
sees 'is open for its end' '^> .*SYN'

# ---- its end, whatever brings it ----

pid_of_tui() {
	pgrep -P "$(tmux_ display -p '#{pane_pid}')" -f wirelab-tui
}
kill -TERM "$(pid_of_tui)"
sees 'SIGTERM ends it well' '^EXIT 0'
begin 80 24 "$TUI" -r "$CAPTURE"
sees 'is open once more' '^> .*SYN'
kill -SEGV "$(pid_of_tui)"
sees 'a crash gives the terminal back' '^EXIT 139'
begin 80 24 "$TUI" -r "$TMP/none.pcap"
sees 'a file that is not there is told' 'none.pcap'
sees 'with status 2' '^EXIT 2'
begin 80 24 TERM=dumb "$TUI" -r "$CAPTURE"
sees 'a dumb terminal gets the plain ladder' 'FIN-WT-1 .*FIN,ACK seq=14'
begin 80 24 TERM=nonsense "$TUI" -r "$CAPTURE"
sees 'an unknown one too' 'FIN-WT-1 .*FIN,ACK seq=14'
begin 80 24 LC_ALL=C TERM=vt100 "$TUI" -r "$CAPTURE"
sees 'vt100 without UTF-8 is drawn in ASCII' 'SYN-SENT \|---SYN'
if timeout 2 "$TRACE" -i lo -o none >/dev/null 2>&1 || [ $? -eq 124 ]; then
	begin 80 24 "$TUI" -i lo
	sees 'waits for something to happen' 'Listening on lo|dropped 0'
	sees 'the capture has started' 'capture started on lo'
	kill -KILL "$(pgrep -P "$(pid_of_tui)" -f wirelab-trace)"
	sees 'a tracer that is killed is told' 'tracer was killed by signal 9'
else
	skip 'a tracer that is killed' 'no live capture here'
fi
run "$TUI" -r "$CAPTURE"
has 'off a terminal it prints text' 'SYN: the client asks' "$out"
run "$TUI" --help
is 'help' 0 "$status"
run "$TUI"
is 'without a source it says what to give' 2 "$status"

# ---- a live lab ----

run "$WIRELAB" run 01 --text
if [ "$status" -eq 0 ]; then
	begin 80 24 "$WIRELAB" run 01
	sees 'a run on a terminal opens the screen' 'capture ended on lo'
	keys / 'Received: Hello' Enter
	sees 'and shows what the programs print' 'prints.*Hello, World!|Hello, World! │ prints' # the client, or the server
	keys g s s s
	sees 'a live run can be stepped through' 'STEP'
	keys Q
	sees 'and ends with the run status' '^EXIT 0'
	begin 80 24 "$WIRELAB" run 01 --pace 300ms
	sees 'at a pace, events wait' 'SLOW 300 ms .*waiting'
	keys Q
	sees 'quitting in mid-run ends it' '^EXIT'
else
	skip 'a live lab' 'labs cannot run here'
fi
tmux_ kill-server 2>/dev/null
nothing_left 'nothing runs any more'
finish
