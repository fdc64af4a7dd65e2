#!/usr/bin/env bash
# The author's gate: for every lab with an exercise, the skeleton compiles without a word of the
# compiler and fails for the reason that its lab.conf names, and the solution passes each time.
# GATE_RUNS: how often (3; `make gate` 50); LABS: which labs, by number (all).
# once: a learner, who is no root, is whom it is for
. tests/e2e/run_lib.sh
namespaces_or_skip
needs cc jq
runs=${GATE_RUNS:-3}

# check WORDS...: sets verdict, first (the first expectation that fails) and the whole output. What was
# inconclusive, on a busy machine, is tried again.
check() {
	for _ in 1 2 3; do
		timeout -k 5 3000 "$WIRELAB" check "$@" --json >"$TMP/out" 2>"$TMP/err" </dev/null
		verdict=$(jq -r .verdict "$TMP/out" 2>/dev/null)
		[ "$verdict" = inconclusive ] || break
	done
	first=$(jq -r '[.expectations[]? | select(.holds == false)][0].expect // .said' "$TMP/out" 2>/dev/null)
	detail=$(head -c 3000 "$TMP/out" "$TMP/err")
}

for folder in labs/[0-9][0-9]-*/exercise; do
	folder=${folder%/exercise}
	id=$(basename "$folder")
	case " ${LABS:-${id%%-*}} " in *" ${id%%-*} "*) ;; *) continue ;; esac
	wanted=$(sed -n 's/^fails = *//p' "$folder/lab.conf" | sed 's/ *$//')
	check --skeleton --timeout 10 "$id"
	is "$id: the skeleton compiles without warnings" null "$(jq -r .compiler "$TMP/out" 2>/dev/null)"
	is "$id: the skeleton fails" fail "$verdict"
	is "$id: for the reason that its lab.conf names" "$wanted" "$first"
	began=$SECONDS
	check --solution --runs "$runs" "$id"
	if [ "$verdict" = pass ]; then
		ok "$id: the solution passes $runs of $runs ($((SECONDS - began)) s)"
	else
		not_ok "$id: the solution passes $runs of $runs" "run $(jq -r .runs "$TMP/out"): $verdict: $first
$detail"
	fi
done
nothing_left 'and nothing is left'
finish
