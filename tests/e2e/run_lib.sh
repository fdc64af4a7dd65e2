# Helpers for the end-to-end tests of `wirelab run`; source it: . tests/e2e/run_lib.sh
# shellcheck shell=bash
. tests/e2e/lib.sh

# Every process that a run of ours has left, lab programs and their children too (lib.sh counts
# wirelab's own only).
left_running() {
	local environ pid name
	for environ in /proc/[0-9]*/environ; do
		pid=${environ#/proc/}
		pid=${pid%/environ}
		is_marked "$pid" || continue
		name=$(cat "/proc/$pid/comm" 2>/dev/null)
		case $name in
		wirelab* | server | client | sleep | sh | bash) echo "$pid $name" ;;
		esac
	done
}

# calls_or_skip: leaves the script where nobody may follow a program's calls.
calls_or_skip() {
	"$WIRELAB" doctor | grep -q '^ok.*ptrace' || skip_all 'this machine lets nobody follow calls'
}

# namespaces_or_skip: leaves the script where this machine refuses namespaces.
namespaces_or_skip() {
	run "$WIRELAB" run 01 -q
	if [ "$status" -eq 2 ] && printf '%s' "$err" | grep -q namespaces; then
		skip_all 'this machine lets us make no namespaces'
	fi
}

# start_run PATTERN WORDS...: a run in the background; waits until its output has the pattern. Sets
# front and supervisor, the process ids.
# shellcheck disable=SC2034 # the caller uses them
start_run() {
	local pattern=$1
	shift
	rm -f "$TMP/out"
	"$WIRELAB" run "$@" >"$TMP/out" 2>"$TMP/err" </dev/null &
	front=$!
	wait_until 20 grep -qs -- "$pattern" "$TMP/out" || not_ok "a run with $* begins" "$(cat "$TMP/out" "$TMP/err")"
	supervisor=$(pgrep -P "$front")
}

# end_of NAME STATUS: waits for that run: it ends within two seconds, with that status, and leaves
# nothing.
end_of() {
	local name=$1 wanted=$2 began=${EPOCHREALTIME//[.,]/}
	wait "$front" 2>/dev/null
	local got=$? took=$(((${EPOCHREALTIME//[.,]/} - began) / 1000))
	is "$name: status" "$wanted" "$got"
	is "$name: within two seconds" yes "$([ "$took" -lt 2000 ] && echo yes || echo "$took ms")"
	nothing_left "$name: no process left"
}
