# Helpers for the tests of exercises: every right program passes, whatever language and calls it is made of,
# and none that only looks right. Source it: . tests/e2e/exercises_lib.sh
# shellcheck shell=bash
. tests/e2e/run_lib.sh

needs jq python3
calls_or_skip
namespaces_or_skip
mkdir "$TMP/mine"
options=() # of each check, besides what the test says

# check WORDS...: in the folder of the learner's programs; sets verdict, and missed: the expectations that do
# not hold, a line each. The machine may be busy with other tests, so what was inconclusive is tried again.
check() {
	for _ in 1 2 3; do
		(cd "$TMP/mine" && timeout 100 "$WIRELAB" check --json "${options[@]}" "$@" >"$TMP/check" 2>"$TMP/err" </dev/null)
		verdict=$(jq -r .verdict "$TMP/check")
		[ "$verdict" = inconclusive ] || break
	done
	missed=$(jq -r '.expectations // [] | .[] | select(.holds | not).expect' "$TMP/check")
}

# passes NAME WORDS...
passes() {
	local name=$1
	shift
	check "$@"
	is "$name passes" 'pass ' "$verdict $missed"
}

# misses NAME EXPECTATION WORDS...: it fails, for that
misses() {
	local name=$1 wanted=$2
	shift 2
	check "$@"
	if [ "$verdict" = inconclusive ]; then
		skip "$name fails" 'only times are wrong, and this machine is busy'
		return
	fi
	is "$name fails" fail "$verdict"
	has "$name: for '$wanted'" "^$wanted\$" "$missed"
}
