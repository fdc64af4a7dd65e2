#!/usr/bin/env bash
# `wirelab run` when all is well: every lab and variant, every output, the learner's own programs, and
# what a lab program may and may not do.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh

mounts_before=$(cat /proc/self/mounts)
namespaces_or_skip

# ---- every lab, every variant ----

while read -r id variant; do
	run "$WIRELAB" run "$id" "$variant" -q
	is "lab $id $variant ends as its lab.conf says" '0 ' "$status $err"
	has "lab $id $variant: what was on the wire is shown to its end" 'capture ended on (lo|wire): [0-9]+ frames?' "$out"
done < <(for conf in labs/[0-9][0-9]-*/lab.conf; do
	id=$(basename "$(dirname "$conf")")
	echo "$id"
	sed -n "s/^\[variant \(.*\)\]\$/$id \1/p" "$conf"
done)

run "$WIRELAB" run 01 -q
has 'the first SYN looks the same on every machine' '\[S\] seq 0 win 64240 len 0 <mss 1460,sackOK,TS,ws' "$out"
has 'TIME-WAIT is told, with whose it is' "note: the (client|server)'s socket 127.0.0.1:[0-9]+ is in TIME-WAIT for another (59|60) s" "$out"
has 'the server is told to stop' 'server gets SIGTERM from the runner' "$out"
order=$(grep -nE 'capture started|server started|Listening on|server ready|client started|\[S\] |client exited|server exited|capture ended' "$TMP/out" | cut -d: -f1)
is 'all happens in its order' "$(sort -n <<<"$order")" "$order"
is 'nothing is missing in it' 9 "$(wc -l <<<"$order")"

is 'what the capture took is said once' 1 "$(grep -c 'received by the filter' "$TMP/out")"
run "$WIRELAB" run 01 --ladder -q
is 'in the ladder too' 1 "$(grep -c 'received by the filter' "$TMP/out")"

run "$WIRELAB" run 06 as-written -q
has 'a failure that the lab wants is told as that' 'client exited with status 1, as expected$' "$out"
run "$WIRELAB" run 06 as-written --ladder -q
has 'in the ladder too' '  exit 1  .*as expected' "$out"
run "$WIRELAB" run 06 as-written
has 'and explained' 'client ended with status 1, as this lab expects' "$out"

# ---- outputs ----

run "$WIRELAB" run 01
has 'explained without an option' 'RFC 9293' "$out"
run "$WIRELAB" run 01 --ladder -q
has 'the ladder' 'CLIENT 127.0.0.1:[0-9]+ .*SERVER 127.0.0.1:8080' "$out"
run "$WIRELAB" run 01 --json
if command -v jq >/dev/null; then
	is 'the stream: 10 or 11 segments, each end closes once' true "$(jq -s '
		([.[] | select(.event == "segment")] | length | . == 10 or . == 11) and
		([.[] | select(.event == "segment" and (.flags | test("FIN"))) | .from] | sort == ["client", "server"])
		' "$TMP/out")"
	is 'the stream names the lab' 01-hello "$(jq -r 'select(.event == "session").lab' "$TMP/out")"
	is 'what became of both programs' 'client started, client exited, server started, server ready, server signalled, server exited' \
		"$(jq -rs '[.[] | select(.event == "program")] | sort_by(.host) | map("\(.host) \(.action)") | join(", ")' "$TMP/out")"
else
	skip 'the stream' 'there is no jq'
fi
for suffix in pcapng pcap ndjson; do
	run "$WIRELAB" run 01 -q --save "$TMP/saved.$suffix"
	is "--save .$suffix" 0 "$status"
	is "--save .$suffix shows the run too" 1 "$(grep -c ' \[S\] ' "$TMP/out")"
	[ "$suffix" = ndjson ] && continue
	run "$TRACE" -r "$TMP/saved.$suffix" -o text -q
	has "--save .$suffix can be read" '\[S\.\]' "$out"
done
is '--save .ndjson has every segment' 0 "$(grep -c '"event":"segment"' "$TMP/saved.ndjson" | awk '{ print $1 < 10 }')"
run "$WIRELAB" run 01 -q --port 1
has '--port, a low one too, without a privilege' '> 127.0.0.1:1 \[S\]' "$out"

# ---- the learner's programs ----

mkdir "$TMP/mine"
cat >"$TMP/mine/client.sh" <<'CLIENT'
#!/usr/bin/env bash
echo "role=$WIRELAB_ROLE host=$WIRELAB_HOST port=$WIRELAB_PORT words=$* here=$PWD"
grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Uid)' /proc/self/status
for place in . /tmp /dev/shm /etc /usr "$HOME_OF_TEST"; do
	if (: >"$place/.wirelab-probe") 2>/dev/null; then echo "write $place: yes"; else echo "write $place: no"; fi
done
sed 's/^/hosts: /' /etc/hosts
echo "processes $(ls -d /proc/[0-9]* | wc -l)"
echo "descriptors $(ls /proc/self/fd | wc -l)"
read -r line && echo "input $line" || echo 'no input'
trap '' PIPE
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3 && head -c 13 <&3
printf 'last line without an end' >&2
CLIENT
chmod +x "$TMP/mine/client.sh"
mkdir "$TMP/elsewhere"
own() { # DIRECTORY COMMAND: runs it as client there
	(
		cd "$1" || exit
		exec 7<"$TMP/mine/client.sh" # must not reach the program
		HOME_OF_TEST=$TMP/elsewhere timeout 60 "$WIRELAB" run 01 -q --client "$2" >"$TMP/out" 2>"$TMP/err" </dev/null
	)
	status=$?
	out=$(cat "$TMP/out")
	err=$(cat "$TMP/err")
}
own "$TMP/mine" './client.sh {host} "{port}" "two words"'
is 'my own client runs' '0 ' "$status $err"
has 'it is told where to connect' 'client\| role=client host=127.0.0.1 port=8080 words=127.0.0.1 8080 two words' "$out"
is 'it has no capability' 5 "$(grep -cE 'client\| Cap...:.*[^0-9a-f]0{16}$' "$TMP/out")"
has 'it can gain none' 'client\| NoNewPrivs:.*1$' "$out"
has 'it is the same user as outside' "client\\| Uid:(.t|.)$(id -u)" "$out"
for place in . /tmp /dev/shm; do has "it writes in $place" "client\\| write $place: yes" "$out"; done
for place in /etc /usr "$TMP/elsewhere"; do has "it cannot write in $place" "client\\| write $place: no" "$out"; done
is 'its writes to the folder stay' yes "$([ -e "$TMP/mine/.wirelab-probe" ] && echo yes)"
is 'its writes to /tmp do not' '' "$(ls /tmp/.wirelab-probe 2>/dev/null)"
has 'localhost is 127.0.0.1' 'hosts: 127.0.0.1 localhost$' "$out"
is 'and nothing else' 0 "$(grep -c 'hosts: ::1.* localhost' "$TMP/out")"
is 'it sees the processes of the run only' yes "$(sed -n 's/.*client| processes \([0-9]*\)$/\1/p' "$TMP/out" | awk '{ print $1 < 9 ? "yes" : $1 }')"
has 'it inherits no descriptor' 'client\| descriptors 4$' "$out" # 0 1 2 and the folder itself
has 'its standard input is empty' 'client\| no input' "$out"
has 'its output without a newline is shown' 'client stderr. last line without an end' "$out"
own "$TMP/elsewhere" "$TMP/mine/client.sh {host} {port}"
has 'a program elsewhere, even below /tmp, is found' "client\\| role=client" "$out"
has 'and runs where we are' "client\\| .* here=$TMP/elsewhere\$" "$out"
own /tmp "$TMP/mine/client.sh {host} {port}"
has 'called in /tmp itself' 'client\| role=client' "$out"
own / "$TMP/mine/client.sh {host} {port}"
has 'called in /: nothing there is writable' 'client\| write .: no' "$out"
rm -f /tmp/.wirelab-probe
run "$WIRELAB" run 01 -q --server "$WIRELAB_BIN/../labs/01-hello/server {host} {port}"
is 'my own server runs' '0 ' "$status $err"

# A program has our rights, but can neither stop nor forge the evidence.
cat >"$TMP/mine/forger.sh" <<'FORGER'
echo "processes: $(cat /proc/[0-9]*/comm | sort | uniq -c | xargs)"
[ -z "$(ls /proc/1/fd 2>/dev/null)" ] && echo 'process 1 holds no descriptor'
(: >/proc/1/mem) 2>/dev/null || echo 'its memory too'
for pid in 1 $(seq 4 40); do kill -KILL "$pid" 2>/dev/null; done
(: >"$3") 2>/dev/null || echo 'cannot cut the save file'
rm -f "$3" 2>/dev/null || echo 'nor remove it'
ls /dev/pts/[0-9]* 2>/dev/null
setsid sleep 60 &
(sleep 0.01 & exec true)
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3 && head -c 13 <&3
for _ in {1..100}; do # who is to reap it may be busy
	zombies=$(grep -ls 'State:.Z' /proc/[0-9]*/status)
	[ -n "$zombies" ] || break
	sleep 0.1
done
echo "$zombies"
FORGER
(cd "$TMP/mine" && timeout 60 "$WIRELAB" run 01 -q --save kept.pcap --client 'bash forger.sh {host} {port} kept.pcap' \
	>"$TMP/out" 2>"$TMP/err" </dev/null)
is 'a program that wants to forge: the run is well' '0 ' "$? $(cat "$TMP/err")"
out=$(cat "$TMP/out")
has 'it sees the programs only' 'client\| processes: ([0-9]+ (bash|server|cat|sort|uniq|xargs|wirelab) ?)*$' "$out"
has 'no tracer among them, one wirelab' 'client\| processes: .*1 wirelab( |$)' "$out"
for line in 'process 1 holds no descriptor' 'its memory too' 'cannot cut the save file' 'nor remove it'; do
	has "$line" "client\\| $line\$" "$out"
done
is 'it sees no terminal of ours and leaves no zombie' 0 "$(grep -cE 'client. /(dev|proc)/' "$TMP/out")"
run "$TRACE" -r "$TMP/mine/kept.pcap" -q
has 'and the file is whole' 'closed' "$out"
nothing_left 'and nothing is left'

# A copy of everything below /tmp, from a folder of its own.
mkdir -p "$TMP/clone/build"
cp -R "$WIRELAB_BIN" "$TMP/clone/build/bin" && cp -R "$WIRELAB_BIN/../labs" "$TMP/clone/build/labs"
cp -R labs "$TMP/clone/labs"
for folder in "$TMP/clone" "$TMP/clone/labs/01-hello" "$TMP/elsewhere" /; do
	cd "$folder" || exit 2
	run "$TMP/clone/build/bin/wirelab" run 06 -q
	is "a clone below /tmp, called in ${folder/$TMP/TMP}" '0 ' "$status $err"
done
cd "$ROOT" || exit 2

# Output that comes faster than it is read, and in long lines: all of it arrives.
cat >"$TMP/mine/flood.sh" <<'FLOOD'
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3
for ((i = 0; i < 5000; i++)); do echo "line $i of many, so that pipes and buffers fill up"; done
head -c 2000 /dev/zero | tr '\0' z
FLOOD
own "$TMP/mine" 'bash flood.sh {host} {port}'
is 'a flood of output arrives' 5000 "$(grep -c 'client| line [0-9]* of many' "$TMP/out")"
is 'a long line arrives in pieces' 2000 "$(grep -o 'client| z*' "$TMP/out" | tr -cd z | wc -c)"

# ---- others at the same time, and what is left ----

for i in 1 2 3 4; do
	timeout 60 "$WIRELAB" run 06 -q >"$TMP/out.$i" 2>&1 </dev/null &
done
wait
is 'four runs at once do not see each other' '1 1 1 1' "$(for i in 1 2 3 4; do grep -c ' \[S\] ' "$TMP/out.$i"; done | xargs)"
nothing_left 'no process is left'
is 'the mounts of the machine are untouched' "$mounts_before" "$(cat /proc/self/mounts)"
finish
