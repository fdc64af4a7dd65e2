#!/usr/bin/env bash
# `wirelab run` where something is forbidden: namespaces by a limit, by seccomp, or made without power;
# a file system that cannot be locked down; and `--host`, which needs no namespace.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh
needs ss

server=$WIRELAB_BIN/../labs/01-hello/server
run "$WIRELAB" run 01 -q
namespaces=yes
[ "$status" -eq 2 ] && printf '%s' "$err" | grep -q namespaces && namespaces=no

# names_the_ways NAME: the message for forbidden namespaces
names_the_ways() {
	is "$1: status" 2 "$status"
	has "$1: the message" 'does not let you make namespaces' "$err"
	has "$1: sudo" 'sudo wirelab run' "$err"
	has "$1: --host" 'setcap.*wirelab run --host' "$err"
	is "$1: nothing was shown" '' "$out"
	nothing_left "$1: nothing left"
}

if [ "$namespaces" = no ]; then
	names_the_ways 'this machine'
	skip 'refused in other ways' 'this machine refuses already'
fi

# ---- a limit of the administrator ----

# A user namespace in which none may be made, nor anything else that needs power.
if [ "$namespaces" = yes ]; then
	run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
		exec setpriv --inh-caps=-all --bounding-set=-all "$0" run 01' "$WIRELAB"
	if [ "$status" -eq 0 ] || printf '%s' "$err" | grep -q 'Permission denied'; then
		skip 'max_user_namespaces=0' 'could not be set in a namespace of the test'
	else
		names_the_ways 'max_user_namespaces=0'
		has 'max_user_namespaces=0: the sysctl' 'sysctl user.max_user_namespaces=' "$err"
	fi
fi

# ---- seccomp ----

cat >"$TMP/refuse.c" <<'REFUSE'
/* refuse CALL ERRNO ARGUMENT-BITS COMMAND...: executes COMMAND, for which the system call fails if its
 * first argument has one of those bits (0: always). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 5)
		return 90;
	unsigned call = (unsigned)strtoul(argv[1], NULL, 0), error = (unsigned)strtoul(argv[2], NULL, 0);
	unsigned bits = (unsigned)strtoul(argv[3], NULL, 0);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | (bits ? BPF_JSET : BPF_JGE) | BPF_K, bits, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0))
		return 91;
	execvp(argv[4], argv + 4);
	return 92;
}
REFUSE
number_of() { # NAME: the system call's number here, empty if the headers do not know it
	printf '#include <sys/syscall.h>\nSYS_%s\n' "$1" | "${CC:-cc}" -E -P - 2>/dev/null | tail -n 1 | grep -E '^[0-9]+$'
}
refuse() { # CALL ERRNO BITS WORDS...: runs wirelab with that call refused
	local call=$1 error=$2 bits=$3
	shift 3
	run "$TMP/refuse" "$(number_of "$call")" "$error" "$bits" "$WIRELAB" "$@"
}
cat >"$TMP/probe.sh" <<'PROBE'
if (: >/etc/.wirelab-probe) 2>/dev/null; then echo "etc writable"; else echo "etc read-only"; fi
rm -f /etc/.wirelab-probe 2>/dev/null
if (: >./probe-here) 2>/dev/null; then echo "here writable"; else echo "here read-only"; fi
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3 && head -c 13 <&3
PROBE
new_network=0x40000000 refused=1 no_call=38
if [ "$namespaces" = no ]; then
	:
elif [ -z "$(number_of clone)" ] || ! "${CC:-cc}" -o "$TMP/refuse" "$TMP/refuse.c" 2>"$TMP/err"; then
	skip 'refused by seccomp' "no C compiler: $(head -n 1 "$TMP/err")"
else
	refuse clone $refused $new_network run 01
	names_the_ways 'clone refused by seccomp'
	refuse clone $refused $new_network doctor
	is 'the doctor without namespaces does not guess about the rest' 2 \
		"$(grep -c '^missing .* not known: there is no private network' "$TMP/out")"
	refuse clone $no_call $new_network run 01
	names_the_ways 'clone unknown to seccomp'
	refuse sendto $refused 0 run 01 # as AppArmor does: a namespace, but no power in it
	names_the_ways 'a namespace without power'
	cd "$TMP" || exit 2
	for call in mount_setattr close_range; do
		[ -n "$(number_of "$call")" ] || continue
		refuse "$call" $no_call 0 run 01 -q --client "bash $TMP/probe.sh {host} {port}"
		is "without $call: the run" 0 "$status"
		has "without $call: the system is read-only" 'client\| etc read-only' "$out"
	done
	for call in mount unshare open_tree; do
		[ -n "$(number_of "$call")" ] || continue
		refuse "$call" $refused 0 run 01 -q --client "bash $TMP/probe.sh {host} {port}"
		is "without $call: the run" 0 "$status"
		has "without $call: it is told" 'note: not locked down for the lab programs: ' "$out"
	done
	cd "$ROOT" || exit 2
	nothing_left 'nothing left after all refusals'
fi

# ---- containers and nesting ----

if [ "$namespaces" = yes ] && run unshare -Ur true && [ "$status" -eq 0 ]; then
	run unshare -Ur "$WIRELAB" run 01 -q
	is 'as the root of a user namespace' '0 ' "$status $err"
	run unshare -Urpf --mount-proc "$WIRELAB" run 01 -q
	is 'in a PID namespace' '0 ' "$status $err"
	run unshare -Urm sh -c 'mount -t tmpfs none /proc/sys && exec unshare -Ur "$0" run 01 -q' "$WIRELAB"
	is 'where part of /proc is hidden, as in containers' '0 ' "$status $err"
	has 'and /proc is told to be as outside' 'note: not locked down .*/proc' "$out"
	has 'and the settings to be unset' 'note: not set in this network: ' "$out"
else
	skip 'containers and nesting' 'no user namespace to be had'
fi
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$TMP/root"
	run unshare -m sh -c 'for d in /*; do
			[ -d "$d" ] && [ ! -L "$d" ] && mkdir "$0/$d" && mount --rbind "$d" "$0/$d"
			[ -L "$d" ] && cp -P "$d" "$0/$d"
		done
		exec chroot "$0" "$1" run 01 -q' "$TMP/root" "$WIRELAB"
	is 'root in a chroot' '0 ' "$status $err"
	has 'root in a chroot: what could not be done' 'note: not locked down .* as outside' "$out"
	rmdir "$TMP/root"/* 2>/dev/null
else
	skip 'root in a chroot' 'needs root'
fi

# ---- --host ----

# These ports are the machine's, and root's run of this script may be beside an ordinary user's: each looks for
# free ones, twenty in a row, in another range.
range=$((20000 + 5000 * ($(id -u) != 0)))
while
	port=$((range + RANDOM % 4900))
	[ -n "$(ss -Htan "sport >= :$port and sport <= :$((port + 20))")" ]
do :; done
"$server" 127.0.0.1 $port >"$TMP/server" 2>&1 &
listener=$!
wait_until 20 grep -qs '^Listening' "$TMP/server" || not_ok 'a server on a port of the machine' "$(cat "$TMP/server")"
run "$WIRELAB" run 01 -q --host --port $port
is '--host, port in use: status' 2 "$status"
has '--host, port in use: the message' "port $port is in use .*--port $((port + 1))" "$err"
run "$WIRELAB" run 01 -q --port $port
[ "$namespaces" = no ] || is 'without --host that port is free' '0 ' "$status $err"
kill "$listener"
wait "$listener"

port=$((port + 1))
run "$WIRELAB" run 01 -q --host --port $port
if [ "$status" -eq 2 ] && printf '%s' "$err" | grep -q 'permission'; then
	has '--host without a privilege names the mend' 'setcap' "$err"
	has 'and the way without it' 'without --host' "$(tr '\n' ' ' <<<"$err")"
	is 'and shows nothing' '' "$out"
	nothing_left '--host without a privilege: nothing left'
	skip '--host' 'needs root, or a tracer with CAP_NET_RAW'
	finish
fi
is '--host' '0 ' "$status $err"
has '--host: the handshake' "> 127.0.0.1:$port \\[S\\] seq 0" "$out"
is '--host: the port only' '' "$(grep -E ' > .*\[' "$TMP/out" | grep -v ":$port ")"

# A program sees wirelab's processes here, and can look into none of them.
cat >"$TMP/spy.sh" <<'SPY'
for pid in "$PPID" $(ps -o ppid= -p "$PPID") $(pgrep -P "$PPID" -x wirelab-trace); do
	echo "tries $pid"
	grep -qz "^WIRELAB_TEST_MARK=$WIRELAB_TEST_MARK\$" "/proc/$pid/environ" 2>/dev/null && echo "can look into $pid"
	(: >"/proc/$pid/mem") 2>/dev/null && echo "can write into $pid"
	(: >"/proc/$pid/fd/1") 2>/dev/null && echo "can write the output of $pid"
done
exec 3<>"/dev/tcp/$1/$2" && printf 'Hello, World!' >&3 && head -c 13 <&3
SPY
port=$((port + 1))
run "$WIRELAB" run 01 -q --host --port $port --client "bash $TMP/spy.sh {host} {port}"
is '--host: a program tries wirelab, supervisor and tracer' 3 "$(grep -c 'client| tries [0-9]' "$TMP/out")"
is '--host: and gets into none' '' "$(grep 'client| can' "$TMP/out")"

cat >"$TMP/family.sh" <<'FAMILY'
sleep 51 &
setsid sleep 52 &
grep -E '^Cap(Prm|Eff|Inh|Amb)' /proc/self/status
echo ready
exec sleep 50
FAMILY
# start_host: a run with grandchildren, one of which has left its session
start_host() {
	port=$((port + 1))
	start_run '| ready' 01 -q --host --port "$port" --client "bash $TMP/family.sh"
}

start_host
is '--host: programs have no capability' 4 "$(grep -cE 'client\| Cap...:.*[^0-9a-f]0{16}$' "$TMP/out")"
kill -INT "$front"
end_of '--host, Ctrl-C' 1
start_host
kill -KILL "$front"
end_of '--host, wirelab is killed' 137
start_host
kill -KILL "$supervisor"
end_of '--host, the supervisor is killed' 2
start_host
kill -KILL "$(pgrep -P "$supervisor" -x wirelab-trace)"
end_of '--host, the tracer is killed' 2
finish
