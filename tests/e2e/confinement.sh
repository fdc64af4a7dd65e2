#!/usr/bin/env bash
# Once it looks at bytes, wirelab-trace has no privilege at all: the program of the tests
# (tests/confine/hook.c) tries, after it has confined itself, what it must not be able to do; we look
# at it from outside through /proc. As root or an ordinary user here; as root also with setcap.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/lib.sh
hook=$WIRELAB_BIN/../tests/trace-hook
hello=$ROOT/tests/golden/captures/close_three.pcap
[ -x "$hook" ] || skip_all 'build/tests/trace-hook is not built'
command -v strings >/dev/null && is 'the real program has no hook in it' 0 "$(strings "$TRACE" | grep -c 'hook: ')"

# judge NAME STDERR STATUS-LINES: every attempt failed with EPERM, and the kernel agrees.
judge() {
	has "$1: it tried" '^hook: done$' "$2"
	is "$1: nothing else than EPERM" '' \
		"$(grep '^hook: ' <<<"$2" | grep -vE ' EPERM$|^hook: done$')"
	is "$1: as many attempts as there are" 33 "$(grep -c '^hook: .* EPERM$' <<<"$2")"
	local set
	for set in CapInh CapPrm CapEff CapAmb; do
		has "$1: $set is empty" "^$set:[[:space:]]*0+$" "$3"
	done
	has "$1: no_new_privs" '^NoNewPrivs:[[:space:]]*1$' "$3"
	has "$1: seccomp filters" '^Seccomp:[[:space:]]*2$' "$3"
}

# ---- a file, through a pipe that stays open until we have looked ----

mkfifo "$TMP/pipe"
"$hook" -r - -o json <"$TMP/pipe" >"$TMP/file.json" 2>"$TMP/file.err" &
tracer=$!
exec 3>"$TMP/pipe"
wait_until 10 grep -qs '^hook: done' "$TMP/file.err"
proc=$(cat "/proc/$tracer/status" 2>/dev/null)
cat "$hello" >&3
exec 3>&-
wait "$tracer"
is 'a file: it is traced under the filter' 0 $?
is 'a file: all its segments' 10 "$(grep -c '^{"event":"segment"' "$TMP/file.json")"
judge 'a file' "$(cat "$TMP/file.err")" "$proc"
[ "$(id -u)" -ne 0 ] || has 'a file, as root: CapBnd is empty' '^CapBnd:[[:space:]]*0+$' "$proc"

# ---- live, in namespaces: as root, or as the root of a user namespace ----

# Runs `program` on lo and prints what /proc said, then the segments that it saw.
live='
	. tests/e2e/lib.sh
	ip link set lo up
	"$@" -i lo -o json >"$OUT" 2>"$OUT.err" &
	tracer=$!
	wait_until 10 grep -qs started "$OUT" || cat "$OUT.err"
	(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null
	wait_until 10 grep -qs RST "$OUT"
	grep -E "^(Uid|Cap...|NoNewPrivs|Seccomp):" /proc/$tracer/status
	kill -INT $tracer
	wait $tracer
	echo "status $?"'

# judge_live NAME OUTPUT: the same for a live capture, which has to work besides.
judge_live() {
	judge "$1" "$(cat "$OUT.err")" "$2"
	has "$1: it ends well" '^status 0$' "$2"
	is "$1: it captured" 2 "$(grep -c '^{"event":"segment"' "$OUT")"
}

if in_namespace true 2>/dev/null; then
	export OUT=$TMP/live
	judge_live 'live' "$(in_namespace bash -c "$live" - "$hook" 2>&1)"
else
	skip 'live' 'namespaces are forbidden here'
fi

# ---- setcap: an ordinary user, a program with the file capability ----

as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
with_setcap() {
	local folder
	folder=$(mktemp -d /tmp/wirelab-setcap.XXXXXX) || return
	chmod 755 "$folder"
	cp "$hook" "$folder/trace-hook"
	setcap cap_net_raw=ep "$folder/trace-hook" 2>"$TMP/setcap.err" &&
		unshare -n bash -c "$live" - "${as_nobody[@]}" "$folder/trace-hook" 2>&1
	rm -rf "$folder"
}
if [ "$(id -u)" -ne 0 ]; then
	skip 'setcap' 'only root can give a file a capability'
else
	export OUT=$TMP/setcap
	got=$(with_setcap)
	if [ -z "$got" ]; then
		skip 'setcap' "this file system takes none: $(cat "$TMP/setcap.err")"
	else
		judge_live 'setcap' "$got"
		has 'setcap: it ran as nobody' '^Uid:[[:space:]]*65534[[:space:]]+65534' "$got"
	fi
fi
nothing_left 'nothing is left running'
finish
