#!/usr/bin/env bash
# The guide around the labs on a real terminal, tmux: watch with its saves and keys, predict with a
# person who types, a page in a pager.
# once: a learner, who is no root, is whom it is for
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/lib.sh
. tests/e2e/tmux_lib.sh
copy=$WIRELAB_EXERCISES/01-hello/client.c

# ---- watch ----

# checked N: N checks have ended (each is followed by the line that says what to do)
checked() {
	[ "$(tmux_ capture-pane -p -S - | grep -c '^-- watching')" -eq "$1" ]
}

# after NAME N: N checks have ended within 30 seconds, and it stays at that
after() {
	if wait_until 30 checked "$2" && sleep 0.5 && checked "$2"; then
		ok "$1"
	else
		not_ok "$1" "$(tmux_ capture-pane -p -S -)"
	fi
}

# nothing but this script's own terminal is left running
# shellcheck disable=SC2317 # called by nothing_left
is_quiet() {
	! left_running | grep -qv '^tmux -L'
}

begin 160 50 "$WIRELAB" watch 01
after 'watch checks at once' 1
is 'and has made a copy of the skeleton' '' "$(cmp "$copy" labs/01-hello/exercise/client.c)"
echo '/* one */' >>"$copy"
after 'it checks when the file is saved' 2
sed -i 's/one/two/' "$copy"
after 'or renamed over, as editors do' 3
mkfifo "$TMP/never"
exec 3<>"$TMP/never"
for part in 1 2 3 4 5; do
	echo "/* $part */" >>"$copy"
	read -rt 0.05 -u 3 # a sleep, without a process that would have to be started meanwhile
done
after 'once for a file that is written in pieces' 4
mv "$copy" "$copy.away"
sleep 1.5
after 'not when the file goes' 4
mv "$copy.away" "$copy"
after 'nor when it comes back as it was' 4
touch "$WIRELAB_EXERCISES/01-hello/other.c"
after 'nor for another file' 4
keys Enter
after 'Enter checks by hand' 5
keys x
after 'another key does nothing' 5
keys q
sees 'q ends it' '^EXIT 0'
has 'and the terminal echoes again' ' echo' "$(stty -a <"$(tmux_ display -p '#{pane_tty}')" | tr ';' '\n')"
begin 80 24 trap : INT ';' "$WIRELAB" watch 01
after 'watch once more' 1
keys C-c
sees 'Ctrl-C ends it' '^EXIT 0'
nothing_left 'no check is left'
begin 160 50 trap : INT ';' "$WIRELAB" watch 01
sees 'watch has begun' '^Lab 01'
keys C-c
sees 'Ctrl-C ends it during a check, too' '^EXIT 0'
nothing_left 'and the check with it'

# Where inotify has nothing to say (network folders, Windows folders in WSL): no instance is to be had.
run "$WIRELAB" reset 01
begin 80 24 unshare -Ur sh -c "'echo 0 >/proc/sys/user/max_inotify_instances; exec $WIRELAB watch 01'"
after 'without inotify' 1
echo '/* three */' >>"$copy"
after 'a look each second finds the save' 2
keys q

# ---- predict ----

begin 100 50 "$WIRELAB" predict 01 --replay
sees 'predict asks' 'your guess:'
keys 'ten' Enter
sees 'what is no number is asked for again' 'a number, please'
keys '10' Enter
sees 'and then the next' 'your letter:'
keys C-d
sees 'the end of input skips the rest' '^ +the run '
sees 'and ends well' '^EXIT 0'
rm -rf "$XDG_STATE_HOME"
begin 100 50 trap : INT ';' "$WIRELAB" predict 01 --replay
sees 'predict asks again' 'your guess:'
keys 10 Enter
sees 'the next one' 'your letter:'
keys C-c
sees 'Ctrl-C leaves' 'EXIT 130'
is 'and nothing is noted' '' "$(cat "$XDG_STATE_HOME/wirelab/01-hello" 2>/dev/null)"

# ---- a recorded run ----

begin 100 30 "$WIRELAB" run 01 --replay
sees 'a recorded run opens on the screen' '^> '
keys Q
sees 'and closes' '^EXIT 0'

# ---- a page ----

if command -v less >/dev/null; then
	begin 80 24 "$WIRELAB" show 01
	sees 'a page opens in a pager' '^01 Hello'
	sees 'which waits for more' '^:'
	keys q
	sees 'until q' '^EXIT 0'
else
	skip 'a page in a pager' 'less is not installed'
fi
tmux_ kill-server
finish
