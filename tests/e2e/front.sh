#!/usr/bin/env bash
# The commands around a run: bare wirelab, list, show, doctor, trace; and the lab programs by
# themselves, without a run.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/lib.sh
programs=$WIRELAB_BIN/../labs

# ---- the front door ----

run "$WIRELAB"
is 'bare wirelab is no wall of text' '0 yes' "$status $([ "$(wc -l <"$TMP/out")" -le 8 ] && echo yes)"
is 'and names the three commands that matter' 'show predict run' "$(awk '/^  wirelab/ { print $2 }' "$TMP/out" | xargs)"
run "$WIRELAB" --help
is 'the help names each command' 'list show run predict check watch hint solution reset progress trace tui doctor' \
	"$(awk '/^  [a-z]/ { print $1 }' "$TMP/out" | xargs)"
run "$WIRELAB" --version
has 'the version' '^wirelab [0-9.]+$' "$out"
run "$WIRELAB" lisst
is 'an unknown command is refused' 2 "$status"
has 'and answered with the nearest' 'list' "$err"
for command in list show run predict check watch hint solution reset progress doctor trace tui; do
	run "$WIRELAB" "$command" --help
	is "$command --help" 0 "$status"
	has "$command --help names itself" "$command" "$out"
	run "$WIRELAB" "$command" --frobnicate
	is "$command refuses an option it does not know" 2 "$status"
done

# ---- list and show ----

run "$WIRELAB" list
is 'the list is complete' "$(find labs -name lab.conf | wc -l)" "$(grep -c '^ [0-9][0-9]  ' "$TMP/out")"
is 'every program is built' 0 "$(grep -c 'not built' "$TMP/out")"
for lab in labs/[0-9][0-9]-*/; do
	id=$(basename "$lab")
	run "$WIRELAB" show "${id%%-*}"
	is "$id has a page" 0 "$status"
	is "$id's page fits 80 columns" '' "$(awk 'length($0) > 80' "$TMP/out")"
	has "$id is in README.md" "\(labs/$id/README\.md\)" "$(cat README.md)"
	has "$id is in labs/README.md" "\($id/README\.md\)" "$(cat labs/README.md)"
	is "$id's page is at most 60 lines" '' "$(awk 'NR > 60' "$lab/README.md" | head -n 1)"
	is "$id's page is plain off a terminal" 0 "$(LC_ALL=C grep -c "$(printf '\033')" "$TMP/out")"
	while read -r words; do
		run "$WIRELAB" list
		variant=$(awk '{ print $4 }' <<<"$words")
		case $variant in '' | -* | \|) continue ;; esac
		has "$id's page names a variant that exists: $variant" "^      $variant " "$out"
	done < <(grep -oE '^    wirelab run [0-9]+( [^ ]+)?' "$lab/README.md" | sed 's/^ *//')
done
run "$WIRELAB" show hello
has 'a lab is found by its name' '^01 Hello' "$out"
run "$WIRELAB" show 77
is 'an unknown lab is refused' 2 "$status"
has 'and answered with where they are listed: there are too many' 'wirelab list' "$err"
run "$WIRELAB" show
is 'show without a lab is refused' 2 "$status"

if command -v script >/dev/null; then
	run env TERM=xterm PAGER='sed s/^/paged:/' NO_COLOR= script -qec "'$WIRELAB' show 01" /dev/null
	has 'on a terminal the page goes through PAGER, with styles' "paged:.*$(printf '\033')\[1m" "$out"
	run env TERM=xterm PAGER=/nowhere/pager script -qec "'$WIRELAB' show 01" /dev/null
	has 'a pager that is not there is done without' 'Hello' "$out"
else
	skip 'paging on a terminal' 'there is no script(1)'
fi

mkdir -p "$TMP/labs/01-bad" && echo bad >"$TMP/labs/README.md"
printf '[lab]\ntitle = x\nminutes = soon\n' >"$TMP/labs/01-bad/lab.conf"
mkdir -p "$TMP/bin" && cp "$WIRELAB" "$TMP/bin/"
run "$TMP/bin/wirelab" list
is 'a bad lab.conf: two' 2 "$status"
has 'and is told with file and line' 'labs/01-bad/lab.conf:3: .*git checkout -- .*/labs/01-bad' "$err"
cp -R labs/02-handshake "$TMP/labs/02-good"
run "$TMP/bin/wirelab" list
has 'the other labs are listed nevertheless' '^ 02  ' "$out"
run "$TMP/bin/wirelab" show 02
is 'and shown' 0 "$status"
run "$TMP/bin/wirelab" show 1
has 'only the bad one is not' 'labs/01-bad/lab.conf:3: ' "$err"
chmod -R a+rX "$TMP" && chmod 0 "$TMP/labs/02-good"
as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
[ "$(id -u)" -eq 0 ] || as_user=()
run "${as_user[@]}" "$TMP/bin/wirelab" list
has 'a folder without rights is told with the mend' '02-good/lab.conf.*chmod -R u\+rX .*/02-good' "$err"
chmod 755 "$TMP/labs/02-good" && chmod 0 "$TMP/labs"
run "${as_user[@]}" "$TMP/bin/wirelab" list
has 'labs/ without rights too' 'labs in .*/labs may not be read .chmod' "$err"
chmod 755 "$TMP/labs"
for words in list --help doctor; do
	[ -w /dev/full ] && "$WIRELAB" $words >/dev/full 2>"$TMP/err"
	is "wirelab $words, a full disk: two, and a message" '2 1' "$? $(grep -c '^wirelab: cannot write to standard output' "$TMP/err")"
done
"$WIRELAB" list 2>"$TMP/err" >&-
has 'wirelab list without an output' '^wirelab: cannot write to standard output' "$(cat "$TMP/err")"

# ---- doctor and trace ----

run "$WIRELAB" doctor
has 'the doctor finds the tracer' '^ok +the tracer' "$out"
has 'the doctor finds the programs' '^ok +lab programs' "$out"
case $status in
0) has 'status 0: labs can run' '^Labs can run here' "$out" ;;
2) has 'status 2: labs cannot run' '^Labs cannot run here' "$out" ;;
*) not_ok 'the doctor ends with 0 or 2' "$status" ;;
esac
can_run=$status
# as scripts/demo leaves a clone: lab 01 is built, the others are not
mkdir -p "$TMP/kit/build/bin" "$TMP/kit/build/labs"
ln -s "$PWD/labs" "$TMP/kit/labs"
cp "$WIRELAB" "$WIRELAB_BIN/wirelab-trace" "$TMP/kit/build/bin"
cp -r "$programs/01-hello" "$TMP/kit/build/labs"
run "$TMP/kit/build/bin/wirelab" doctor
has 'the doctor, with one lab built, says how many are not' '^missing +lab programs +1 of [0-9]+ built' "$out"
is 'and that this one can run, as on this machine all could' "$can_run" "$status"
[ "$can_run" -ne 0 ] || has 'in words, too' '^Not all labs can run here yet' "$out"
# (the limit is that of a fresh user namespace, not the machine's)
run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
	exec setpriv --bounding-set=-all --inh-caps=-all "$0" doctor' "$WIRELAB"
if printf '%s\n' "$out" | grep -q '^ok .*private network'; then
	skip 'the doctor without namespaces' 'the limit does not hold here'
else
	is 'without namespaces and capabilities the doctor says 2' 2 "$status"
	has 'and how to mend it' 'mend: .*sudo sysctl user.max_user_namespaces' "$(tr '\n' ' ' <<<"$out")"
fi
run "$WIRELAB" trace --version
has 'wirelab trace is wirelab-trace' '^wirelab-trace ' "$out"
run "$TMP/bin/wirelab" trace --version
is 'a tracer that is not there is an error' 2 "$status"
has 'which names the path' 'bin/wirelab-trace' "$err"

# ---- the lab programs by themselves ----

# with_line COMMAND...: run with one line to read.
with_line() {
	# shellcheck disable=SC2016 # the inner shell's $@
	run sh -c 'echo hello | "$@"' - "$@"
}

for program in "$programs"/[0-9][0-9]-*/*; do
	name=${program#"$programs"/}
	case $name in *.*) continue ;; esac
	run "$program" -h
	is "$name -h" 0 "$status"
	has "$name -h shows the usage" '^usage: ' "$out"
	usage=$out
	run "$program" -x
	is "$name refuses an unknown option" 2 "$status"
	# what stands in front of the host: the first of several words
	way=$(sed -nE 's/^usage: [^ ]+ (\[-h\] )?([a-z-]+)\|.*/\2/p; s/.*MODEL is one of ([a-z]+).*/\1/p' <<<"$usage")
	case $usage in
	*...*) ;; # any number of words will do
	*)
		run "$program" ${way:+"$way"} 127.0.0.1 9 extra words
		is "$name refuses too many words" 2 "$status"
		;;
	esac
	case $usage in
	*host*)
		with_line "$program" ${way:+"$way"} no-such-host.invalid 9
		is "$name fails for a host that is not there" 1 "$status"
		;;
	esac
done

# Each pair talks over both address families in a network of its own; the server, asked to stop,
# ends with 0; started twice, it says why it cannot.
alone=(unshare -Urn)
[ "$(id -u)" -ne 0 ] || alone=(unshare -n)
cat >"$TMP/pair" <<'PAIR'
ip link set lo up
printf 'one\ntwo\n' >"$TMP/lines"
rm -f "$TMP/server.out" # what the last pair said is not what we wait for
"$1" "$3" 8080 >"$TMP/server.out" & server=$!
speaks() { # FILE: the server says that it listens
	for _ in $(seq 200); do
		grep -qs . "$1" && break
		sleep 0.1
	done
}
speaks "$TMP/server.out"
"$2" "$3" 8080 2>&1 <"$TMP/lines"; echo "client $?"
"$2" "$3" 8080 <"$TMP/lines" >/dev/null; echo "again $?"
"$1" "$3" 8080 2>&1; echo "second server $?"
kill -TERM "$server"; wait "$server"; echo "server $?"
rm -f "$TMP/again.out"
"$1" "$3" 8080 >"$TMP/again.out" & server=$!
speaks "$TMP/again.out"; grep -q . "$TMP/again.out" && kill -0 "$server" && echo restarted
kill -TERM "$server"; wait "$server"
"$2" "$3" 8080 2>&1 <"$TMP/lines"; echo "refused $?"
PAIR
for lab in 01-hello 02-handshake 06-echo-loop; do
	for host in 127.0.0.1 ::1; do
		run "${alone[@]}" sh "$TMP/pair" "$programs/$lab/server" "$programs/$lab/client" "$host"
		for line in 'client 0' 'again 0' 'second server 1' 'server 0' 'restarted' 'refused 1'; do
			has "$lab on $host: $line" "^$line\$" "$out"
		done
		has "$lab on $host: a port in use is named" 'Address already in use' "$out"
		has "$lab on $host: a refusal is named" 'Connection refused' "$out"
	done
done
nothing_left 'nothing left running'
finish
