#!/usr/bin/env bash
# The guide around the labs, off a terminal: where the learner is, predictions, hints, the solution after
# a pass, reset, recorded runs, and what happens when nothing can be kept.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh
state=$XDG_STATE_HOME/wirelab
copy=$WIRELAB_EXERCISES/01-hello/client.c

# kept WORD: the count of a mark of lab 01, or nothing
kept() {
	awk -v word="$1" '$1 == word { print $2 }' "$state/01-hello" 2>/dev/null
}

# ---- where you are ----

run "$WIRELAB"
has 'at the start no lab is begun' 'none begun' "$out"
has 'and the page comes first' 'wirelab show +0' "$out"
mkdir -p "$state"
printf 'wirelab-progress 1\nrun 1 2026-11-21T09:41:35Z 2026-11-21T09:41:35Z\n' >"$state/01-hello" # as the demo leaves it
run "$WIRELAB"
has 'after a run the page comes first, too' 'wirelab show +01' "$out"
has 'and the exercise behind it' 'wirelab check +01' "$out"
rm "$state/01-hello"
run "$WIRELAB" show 01
is 'a page that was shown is noted' 1 "$(kept seen)"
run "$WIRELAB" list
has 'and the list marks its lab' '^ 01 ~ ' "$out"
run "$WIRELAB"
has 'and it is where the learner is' 'in lab 01' "$out"
run "$WIRELAB" progress
has 'progress is a table' '^ 01-hello +begun' "$out"
is 'of at most 80 columns' '' "$(awk 'length($0) > 80' "$TMP/out")"
is 'with every lab' "$(find labs -name lab.conf | wc -l)" "$(grep -c '^ [0-9][0-9]-' "$TMP/out")"

# ---- hints ----

for level in 1 2 3; do
	run "$WIRELAB" hint 01
	has "hint $level is the next" "^Hint $level of 3" "$out"
	is "and no other comes with it: $level" 1 "$(grep -c '^Hint' "$TMP/out")"
	is "and is noted: $level" "$level" "$(kept hint)"
done
run "$WIRELAB" hint 01
is 'after the last there are all again' 3 "$(grep -c '^Hint' "$TMP/out")"
run "$WIRELAB" hint 01 1
has 'one can be asked for' '^Hint 1 of 3' "$out"
is 'which closes none' 3 "$(kept hint)"
run "$WIRELAB" hint 01 4
is 'there is no fourth' 2 "$status"
is 'hints fit 80 columns' '' "$(awk 'length($0) > 80' "$TMP/out")"

# ---- the solution ----

run "$WIRELAB" solution 01
is 'before a pass there is no solution' 1 "$status"
is 'not a line of it' 0 "$(grep -c '#include' "$TMP/out")"
has 'but the ways to get there' 'wirelab check 01' "$out"
printf 'wirelab-progress 1\npassed 1 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z\n' >"$state/01-hello"
run "$WIRELAB" solution 01
is 'after a pass there is' 0 "$status"
is 'the whole file' "$(cat labs/01-hello/solution/client.c)" "$(sed '0,/solution\/client.c:$/d' "$TMP/out" | tail -n +2)"
is 'which is noted' 1 "$(kept solution)"
run "$WIRELAB" hint 01
is 'and all hints are there to read' 3 "$(grep -c '^Hint' "$TMP/out")"
run "$WIRELAB"
has 'the lab is done' '^1 of ' "$out"

# ---- the learner's copy ----

run "$WIRELAB" reset 01
is 'reset makes a copy of the skeleton' '0 ' "$status $(cmp "$copy" labs/01-hello/exercise/client.c)"
echo '/* mine */' >"$copy"
run "$WIRELAB" solution 01
has 'the solution comes with the difference' '^-/\* mine \*/$' "$out"
run "$WIRELAB" reset 01
is 'reset brings the skeleton back' '' "$(cmp "$copy" labs/01-hello/exercise/client.c)"
is 'and keeps what was there' '/* mine */' "$(cat "$copy.1")"
echo '/* again */' >"$copy"
run "$WIRELAB" reset 01
is 'more than once' '/* mine */ /* again */' "$(cat "$copy.1" "$copy.2" | xargs -d '\n')"
cp labs/01-hello/solution/client.c "$copy"
run "$WIRELAB" solution 01
has 'who has the same is told' 'the same as the solution' "$out"
rm -rf "$WIRELAB_EXERCISES" && : >"$WIRELAB_EXERCISES"
run "$WIRELAB" reset 01
is 'where no folder can be made: two' 2 "$status"
has 'and a message with the path' "$WIRELAB_EXERCISES/01-hello" "$err"
rm "$WIRELAB_EXERCISES"

# ---- recorded runs ----

golden=labs/01-hello/golden/plain.ndjson
run "$WIRELAB" run 01 --replay -q --json
is 'a recorded run is shown as it was' '' "$(cmp "$TMP/out" "$golden")"
has 'and is said to be one' 'recorded' "$err"
run "$WIRELAB" run 01 --replay --ladder
has 'in any form' 'SYN,ACK' "$out"
run "$WIRELAB" run 01 --replay --client true
is 'with no other program' 2 "$status"
run "$WIRELAB" run 01 --replay --fault lost-nothing
has 'one that was not recorded is refused' 'no recorded run' "$err"
echo '{"event":"no such"}' >"$TMP/bad.ndjson"
run "$TRACE" -r "$TMP/bad.ndjson"
is 'a file that has no events is refused' 2 "$status"
has 'with the line' 'bad.ndjson:1' "$err"
for lab in labs/[0-9][0-9]-*/; do
	id=$(basename "$lab")
	[ -d "$lab/golden" ] || continue
	grep -q '^\[predict' "$lab/lab.conf" || continue
	run "$WIRELAB" predict "$id" --replay --json
	is "$id: its questions have answers in its recorded runs" "0 0 $(grep -c '^\[predict' "$lab/lab.conf")" \
		"$status $(grep -c '"reality":"[^"]*-' "$TMP/out") $(wc -l <"$TMP/out")"
done

# ---- predictions ----

# predict INPUT WORDS...
predict() {
	local input=$1
	shift
	# shellcheck disable=SC2059 # the input has escapes
	printf "$input" | timeout 60 "$WIRELAB" predict "$@" >"$TMP/out" 2>"$TMP/err"
	status=$?
	out=$(cat "$TMP/out")
	err=$(cat "$TMP/err")
}

# said FIELD: of each question
said() {
	jq -r ".$1" "$TMP/out" | xargs
}

if command -v jq >/dev/null; then
	rm -f "$state/01-hello"
	segments=$(grep -c '"event":"segment"' "$golden")
	predict "$segments\nb\nA c, b d\n" 01 --replay --json
	is 'the answer is what the run has, not what a key says' "$segments" "$(said reality | cut -d' ' -f1)"
	is 'a right number is right' right "$(said match | cut -d' ' -f1)"
	is 'answers are read in any of their forms' "$segments b a c b d" "$(said answer)"
	is 'and are noted' 1 "$(kept predicted)"
	has 'with what was' "^prediction segments right: $segments \\| $segments\$" "$(cat "$state/01-hello")"
	predict "$((segments + 1))\n" 01 --replay --json
	is 'a wrong one is wrong, and what is not answered is skipped' 'wrong skipped skipped' "$(said match)"
	predict 'many\nz\nb\n' 01 --replay --json
	is 'what is no answer counts as none' 'skipped skipped skipped' "$(said match)"
	predict '' 01 --replay
	is 'no input at all is no fault' 0 "$status"
	has 'and shows what was' 'the run' "$out"
	is 'a comparison fits 80 columns' '' "$(awk 'length($0) > 80' "$TMP/out")"
	before=$(md5sum "$state/01-hello")
	predict '\n\n\n' 01 --replay
	is 'skipping leaves no mark' "$before" "$(md5sum "$state/01-hello")"
	head -c 1000000 /dev/zero | timeout 60 "$WIRELAB" predict 01 --replay --json >"$TMP/out" 2>"$TMP/err"
	is 'a line without end is no answer' 'skipped skipped skipped' "$(said match)"
	run "$WIRELAB" run 01 -q
	if [ "$status" -eq 0 ]; then
		predict '10\n' 01 --json
		is 'a run of now is compared with, too' '0 3' "$status $(jq -r .reality "$TMP/out" | grep -c '[0-9a-d]')"
		nothing_left 'which leaves nothing'
		setsid timeout -s INT 0.7 "$WIRELAB" predict 01 <<<$'\n\n\n' >/dev/null 2>&1
		nothing_left 'nor does one that is interrupted'
	fi
else
	skip 'predictions' 'jq is not installed'
fi

# ---- a machine that can make no run ----

if [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null; then
	forbidden=(unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
		exec setpriv --inh-caps=-all --bounding-set=-all "$@"' sh)
	run "${forbidden[@]}" "$WIRELAB" run 01
	if [ "$status" -eq 2 ] && ! printf '%s' "$err" | grep -q 'Permission denied'; then
		has 'where there are no namespaces, run offers the recorded one' '--replay' "$err"
		run "${forbidden[@]}" "$WIRELAB" predict 01
		has 'and predict does' 'predict 01 --replay' "$err"
		is 'with status 2' 2 "$status"
		run "${forbidden[@]}" "$WIRELAB" run 01 --replay --ladder
		is 'which works there' 0 "$status"
	else
		skip 'no namespaces' 'could not be forbidden in a namespace of the test'
	fi
fi

# ---- nothing can be kept ----

run env -u XDG_STATE_HOME -u HOME "$WIRELAB" hint 01
is 'without HOME a hint is a hint' '0 1' "$status $(grep -c '^Hint' "$TMP/out")"
is 'and one line says why it is not noted' 1 "$(grep -c 'HOME is not set' "$TMP/err")"
run env -u XDG_STATE_HOME -u HOME "$WIRELAB"
is 'nor is the front door a wall of complaints' '0 1' "$status $(wc -l <"$TMP/err")"
run env -u XDG_STATE_HOME HOME="$TMP/out" "$WIRELAB" hint 01
is 'a HOME that is no folder: the hint' '0 1' "$status $(wc -l <"$TMP/err")"

printf 'wirelab-progress 1\nhint 1 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z\n\007rubbish\n' >"$state/01-hello"
cp "$state/01-hello" "$TMP/damaged"
run "$WIRELAB" progress
is 'a damaged file is told in one line' '0 1' "$status $(grep -c '01-hello is damaged' "$TMP/err")"
run "$WIRELAB" hint 01
has 'what can be read of it counts' '^Hint 2 of 3' "$out"
is 'and it is kept' '' "$(cmp "$TMP/damaged" "$state/01-hello.damaged")"
run "$WIRELAB" progress
is 'once' '' "$err"

cat >"$TMP/full.sh" <<'FULL'
# A state folder on a disk that is full, then on one that is read-only.
set -e
mount -t tmpfs -o size=16k none "$1"
export XDG_STATE_HOME=$1
"$WIRELAB" hint 01 >/dev/null
cp "$1/wirelab/01-hello" "$2/before"
dd if=/dev/zero of="$1/fill" bs=4096 status=none 2>/dev/null || true
"$WIRELAB" hint 01 >"$2/full.out" 2>"$2/full.err"
echo "full $? $(cmp "$1/wirelab/01-hello" "$2/before") $(ls -A "$1/wirelab" | xargs)"
rm "$1/fill"
mount -o remount,bind,ro "$1"
"$WIRELAB" hint 01 >"$2/ro.out" 2>"$2/ro.err"
echo "ro $? $(cmp "$1/wirelab/01-hello" "$2/before") $(ls -A "$1/wirelab" | xargs)"
FULL
mkdir "$TMP/small"
own_mounts=(unshare -m)
[ "$(id -u)" -eq 0 ] || own_mounts=(unshare -Urm)
run "${own_mounts[@]}" sh "$TMP/full.sh" "$TMP/small" "$TMP"
if [ "$status" -eq 0 ]; then
	for disk in full ro; do
		has "a $disk disk: the hint, the old file, and no other" "^$disk 0  01-hello\$" "$out"
		has "a $disk disk: the hint is there" '^Hint 2 of 3' "$(cat "$TMP/$disk.out")"
		is "a $disk disk: one line" 1 "$(wc -l <"$TMP/$disk.err")"
	done
	has 'a full disk is named' 'No space left' "$(cat "$TMP/full.err")"
	has 'and so is one that is read-only' 'Read-only' "$(cat "$TMP/ro.err")"
else
	skip 'a full disk' "no file system of one's own here: $err"
fi
finish
