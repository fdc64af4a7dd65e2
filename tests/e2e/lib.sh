# Helpers for the end-to-end tests; source it: . tests/e2e/lib.sh
# shellcheck shell=bash

set -u
export LC_ALL=C.UTF-8 NO_COLOR=1
ROOT=$(pwd)
WIRELAB_BIN=${WIRELAB_BIN:-$ROOT/build/bin}
WIRELAB_SHARED=${WIRELAB_SHARED:-$ROOT/../shared}
TRACE=$WIRELAB_BIN/wirelab-trace
WIRELAB=$WIRELAB_BIN/wirelab
PYTHON=/usr/bin/python3 # not one of a virtual environment: its packages are the system's
[ -x $PYTHON ] || PYTHON=$(command -v python3)
TMP=$(mktemp -d "${TMPDIR:-/tmp}/wirelab-e2e.XXXXXX")
# What the learner keeps is not to be touched by tests.
XDG_STATE_HOME=$TMP/state WIRELAB_EXERCISES=$TMP/exercises
export ROOT WIRELAB_BIN WIRELAB_SHARED TRACE WIRELAB PYTHON TMP XDG_STATE_HOME WIRELAB_EXERCISES
trap 'rm -rf "$TMP"' EXIT
failed=0

ok() {
	echo "ok - $1"
}

# not_ok NAME [DETAIL]
not_ok() {
	failed=1
	echo "not ok - $1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | head -n 40 | sed 's/^/    /'
}

# skip NAME REASON
skip() {
	echo "skip - $1: $2"
}

# Leaves the whole script, as skipped.
skip_all() {
	echo "$1"
	exit 77
}

# needs PROGRAM...: without one of them the whole script is skipped.
needs() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip_all "needs $program"
	done
}

# is NAME EXPECTED ACTUAL
is() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2
got:      $3"; fi
}

# has NAME REGEX TEXT
has() {
	if printf '%s\n' "$3" | grep -qE -- "$2"; then ok "$1"; else not_ok "$1" "no line matches: $2
$3"; fi
}

# agree NAME FILE: of what each line "WHAT: N of M agree (...)" of the file counts, at least 99.5 % do.
agree() {
	local line
	while read -r line; do
		if awk -v n="${line#*: }" 'BEGIN { split(n, w, " "); exit !(w[1] >= 0.995 * w[3] && w[3] > 0) }'
		then ok "$1: $line"; else not_ok "$1: $line" "$(cat "$2")"; fi
	done < <(grep -E ' agree \(' "$2")
	has "$1: it was compared" ' agree \(' "$(cat "$2")"
}

# run COMMAND...: at most 60 s, stdin empty; sets status, out and err.
# shellcheck disable=SC2034 # the caller uses them
run() {
	timeout -k 5 60 "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	out=$(cat "$TMP/out")
	err=$(cat "$TMP/err")
}

# wait_until SECONDS COMMAND...: polls until it succeeds. The time is for a machine that is busy: a test
# that goes well never takes it. What it looks for in a file must not be there from before: remove the
# file before what writes it is started (`>file &` empties it only when the background shell runs).
wait_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Every process started from here carries this mark in its environment, so that we can find what is
# left, and only what is ours.
export WIRELAB_TEST_MARK=${WIRELAB_TEST_MARK:-mark-$$-$RANDOM}

# is_marked PID. Where the process keeps its environment from us (the supervisor and the tracer do; not
# from root), it counts if it is a wirelab of our user.
is_marked() {
	if [ -r "/proc/$1/environ" ]; then
		grep -qz "^WIRELAB_TEST_MARK=$WIRELAB_TEST_MARK\$" "/proc/$1/environ" 2>/dev/null
	else
		grep -qs '^Name:.wirelab' "/proc/$1/status" &&
			grep -qs '^State:.[^ZX]' "/proc/$1/status" && # not one that waits to be reaped
			grep -qs "^Uid:.$(id -u)[^0-9]" "/proc/$1/status"
	fi
}

left_running() {
	local environ pid
	for environ in /proc/[0-9]*/environ; do
		pid=${environ#/proc/}
		pid=${pid%/environ}
		[ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] && continue
		is_marked "$pid" || continue
		tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep wirelab
	done
}

# nothing_left NAME: no wirelab of ours runs any more (the last may need a moment to be reaped).
nothing_left() {
	if wait_until 10 is_quiet; then ok "$1"; else not_ok "$1" "$(left_running)"; fi
}

is_quiet() {
	[ -z "$(left_running)" ]
}

# in_namespace COMMAND...: in fresh network and mount namespaces, as root or as the root of a fresh
# user namespace.
in_namespace() {
	if [ "$(id -u)" -eq 0 ]; then unshare -nm "$@"; else unshare -Urnm "$@"; fi
}

# The last thing a script calls.
finish() {
	exit "$failed"
}
