#!/usr/bin/env bash
# `wirelab check`: who does it right passes, whatever the language; who only seems to does not; and
# what runs away is ended.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/run_lib.sh
namespaces_or_skip
needs cc

check() { # WORDS...: wirelab check 01, in a folder of its own
	(cd "$TMP/mine" && timeout -k 5 100 "$WIRELAB" check 01 "$@" >"$TMP/out" 2>"$TMP/err" </dev/null)
	status=$?
	out=$(cat "$TMP/out")
	err=$(cat "$TMP/err")
}

fails() { # NAME REGEX WORDS...: one run tells why
	local name=$1 regex=$2
	shift 2
	check "$@"
	is "$name: fails" 1 "$status"
	has "$name: is told" "$regex" "$(tr -s '\n ' ' ' <"$TMP/out")"
}
mkdir "$TMP/mine"

# ---- the solution, the skeleton, the learner's copy ----

check --solution
is 'the solution passes' 0 "$status"
has 'three runs of it' '^PASS  3 of 3 runs' "$out"
has 'each step with what shows it' '✓  handshakes = 1 +#3 \+[0-9.]+ ms client ACK seq=1 ack=1' "$out"
is 'without colours off a terminal' 0 "$(grep -c $'\033' "$TMP/out")"
check --skeleton
is 'the skeleton fails' 1 "$status"
wanted=$(sed -n 's/^fails = //p' labs/01-hello/lab.conf)
is 'for the reason that the lab names' "$wanted" "$(sed -n 's/^ *✗  //p' "$TMP/out" | head -n 1)"
has 'with the reason of the line' '# connect\(\) makes the handshake' "$out"
has 'and its cause' 'because: the skeleton never called connect' "$out"
check
is 'my own copy is made' 1 "$status"
has 'and it says where' "the exercise was put into $WIRELAB_EXERCISES/01-hello/client.c" "$err"
has 'the next hint is named' 'wirelab hint 01' "$out"
cp labs/01-hello/solution/client.c "$WIRELAB_EXERCISES/01-hello/client.c"
has 'the task is told' '^ +task: a client that says "Hello, World!"' "$out"
check --show
is 'my own run is shown' 0 "$status"
has 'as a ladder, with the call' '(connect|socket)\(fd 3' "$out"
has 'of my program' 'starts +│ .*/client 127.0.0.1 8080' "$out"
is 'and not judged' '' "$(grep -E '✓|✗|PASS|FAIL' "$TMP/out")"
check --runs 1
is 'my copy, once it is right, passes' '0 ' "$status $err"
has 'and it says how to go on' 'wirelab solution 01 shows ours; wirelab says which lab comes then' "$out"
run "$WIRELAB" solution 01
is 'and then the solution is shown' 0 "$status"
HOME=$TMP check --show
is 'a home below /tmp is no reason not to lock the rest' '' "$(tr -s ' \n' ' ' <"$TMP/out" | grep -o 'not locked down.*(Invalid')"
LC_ALL=C check --runs 1
has 'marks are words where the terminal has no others' '^ ok  handshakes = 1' "$out"

# ---- as JSON ----

check --json --skeleton
is 'JSON: the same exit status' 1 "$status"
if command -v jq >/dev/null; then
	is 'JSON: the verdict' fail "$(jq -r .verdict "$TMP/out")"
	is 'JSON: the first that fails' "$wanted" "$(jq -r '[.expectations[] | select(.holds == false)][0].expect' "$TMP/out")"
	is 'JSON: a cause' 'the skeleton never called connect()' "$(jq -r '.causes[0]' "$TMP/out")"
fi

# ---- any language; legal traces that look otherwise ----

if command -v python3 >/dev/null; then
	cat >"$TMP/mine/mine.py" <<'PY'
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for piece in b"Hello", b", Wor", b"ld!":  # three segments, the same bytes
    s.sendall(piece)
reply = b""
while piece := s.recv(4):
    reply += piece
print(reply.decode())
PY
	check --runs 1 python3 mine.py '{host}' '{port}'
	is 'Python, in pieces, passes' '0 ' "$status $err"
	check --runs 1 'python3 mine.py {host} {port}'
	is 'a command in one word is split' '0 ' "$status $err"
fi
# tls NAME STATUS REGEX CERTIFICATE [bytes]: lab 38's server in Python. Its keys are made before it starts.
tls() {
	(cd "$TMP/mine" && timeout -k 5 100 "$WIRELAB" check 38 --runs 1 \
		python3 "$ROOT/tests/e2e/tls/server.py" '{host}' '{port}' "${@:4}" >"$TMP/out" 2>"$TMP/err" </dev/null)
	is "lab 38 in Python, $1: status" "$2 " "$? $(cat "$TMP/err")"
	has "lab 38 in Python, $1" "$3" "$(cat "$TMP/out")"
}
if python3 -c 'import ssl' 2>/dev/null; then
	tls 'with the certificate of the run, passes' 0 '^PASS ' /tmp/pki/www.pem
	tls 'without one, fails' 1 '✗ +data server contains "\\x16' ''
	tls 'with one that it signed itself, fails' 1 '✗ +client says "verified"' /tmp/pki/self-signed.pem
	tls 'byte by byte, fails' 1 '✗ +data server < 2000' /tmp/pki/www.pem bytes
else
	skip 'lab 38 in Python' 'there is no python3 with ssl'
fi
cat >"$TMP/mine/slow.c" <<'C'
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char piece[64];
	ssize_t n;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[argc - 1]))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	inet_pton(AF_INET, argv[1], &to.sin_addr);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 || write(fd, "Hello, World!", 13) != 13)
		return 1;
	while ((n = read(fd, piece, sizeof piece)) > 0)
		printf("%.*s\n", (int)n, piece);
	usleep(90000); /* the server's FIN is acknowledged by itself: four segments */
	return 0;
}
C
check --show words.c
is 'a file that is not there' 2 "$status"
has 'is told by name' '^wirelab: cannot read words.c' "$err"
check --runs 1 slow.c
is 'four segments to close, and no close() at all, pass' '0 ' "$status $err"

# ---- what only seems to be right ----

cat >"$TMP/mine/words.c" <<'C'
#include <stdio.h>
int main(void) { puts("Connected\nSent: Hello, World!\nReceived: Hello, World!"); return 0; }
C
fails 'the right words and exit status 0' '✗ handshakes = 1 .*never made a call about a socket' words.c
cat >"$TMP/mine/sleep.c" <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void) { sleep(1); puts("Received: Hello, World!"); return 0; }
C
fails 'sleeping' '✗ data client "Hello, World!"' sleep.c
sed '/while ((n = read/,/printf/d' "$TMP/mine/slow.c" >"$TMP/mine/early.c"
sed -i 's/usleep(90000);/close(fd);/; s/ssize_t n;//; s/char piece.64.;//' "$TMP/mine/early.c"
fails 'closing early' '✗ (first-fin in|resets = 0|client recv returns 0)' early.c
sed 's/Hello, World!", 13) != 13/Hello, world!", 13) != 13/' "$TMP/mine/slow.c" >"$TMP/mine/other.c"
fails 'other bytes' '✗ data client "Hello, World!" seen: the client sent 13 bytes: "Hello, world!"' other.c
sed 's/"Hello, World!", 13) != 13/"Hello", 5) != 5/' "$TMP/mine/slow.c" >"$TMP/mine/short.c"
fails 'too few bytes: both wait' 'your client was still waiting in read\(\), the reference server was still waiting in recvfrom' --timeout 3 short.c

# ---- broken programs ----

echo 'int main(void) { return missing; }' >"$TMP/mine/broken.c"
fails 'what does not compile' "missing.*FAIL it does not compile" broken.c
echo 'int main(void) { int *p = (int *)8; *p = 1; return 0; }' >"$TMP/mine/crash.c"
fails 'a crash' 'your client was ended by SIGSEGV' crash.c
check ./there-is-none '{host}' '{port}'
is 'a program that is not there is no failure of the exercise' 2 "$status"
has 'and it is said' 'there-is-none' "$err"
CC=there-is-no-cc check --solution
is 'no compiler' 2 "$status"
has 'is said' "cannot run the compiler 'there-is-no-cc'" "$err"
for words in '' '00' '99' '01 --runs 0' '01 --runs x' '01 --role both' '01 --solution ./mine' '01 --nonsense'; do
	# shellcheck disable=SC2086 # they are words
	run "$WIRELAB" check $words
	is "check $words is refused" 2 "$status"
done
run "$WIRELAB" check --help
is '--help' 0 "$status"

# Where nobody may make namespaces, it is not the program that fails.
run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
	exec setpriv --inh-caps=-all --bounding-set=-all "$0" check 01 --solution' "$WIRELAB"
if [ "$status" -eq 0 ] || printf '%s' "$err" | grep -q 'Permission denied'; then
	skip 'a check without namespaces' 'could not be set in a namespace of the test'
else
	is 'without namespaces nothing can be said' 3 "$status"
	has 'and it is said why' '^INCONCLUSIVE .*namespaces' "$out"
fi

# ---- what runs away is ended, and sees little ----

source_of() { # NAME INCLUDES BODY
	printf '%s\nint main(void) { %s }\n' "$2" "$3" >"$TMP/mine/$1.c"
}
source_of fork '#include <unistd.h>' 'for (;;) fork();'
source_of hog '#include <stdlib.h>
#include <string.h>' 'for (;;) { char *p = malloc(1 << 22); if (p) memset(p, 1, 1 << 22); }'
source_of print '#include <stdio.h>' 'for (;;) puts("and so on");'
source_of loop '' 'volatile int x = 0; for (;;) x++;'
source_of wait '#include <unistd.h>' 'for (;;) pause();'
source_of file '#include <unistd.h>
#include <fcntl.h>' 'static char b[65536]; int f = open("large", O_WRONLY | O_CREAT, 0600); for (;;) if (write(f, b, sizeof b) < 0) return 1;'
source_of kill '#include <signal.h>
#include <unistd.h>' 'kill(-1, SIGKILL); for (;;) pause();'
source_of files '#include <stdio.h>
#include <unistd.h>
#include <fcntl.h>' 'static char b[1 << 20]; char name[16]; for (int i = 0; i < 30; i++) { snprintf(name, sizeof name, "many%d", i); int f = open(name, O_WRONLY | O_CREAT, 0600); for (int n = 0; n < 50; n++) if (write(f, b, sizeof b) < 0) return 1; close(f); }'
fails 'a fork bomb' 'because: the programs made more than 400 processes' fork.c
fails 'a memory hog' 'because: the programs used more than 512 MiB of memory' hog.c
fails 'endless output' 'because: so much was printed that the run was ended' print.c
fails 'an endless loop' 'because: your client was (ended because it used 5 s|in no call about a socket)' --timeout 20 loop.c
fails 'waiting for ever' 'because: your client was in no call about a socket' --timeout 2 wait.c
fails 'a file without end' 'because: your client was ended because it wrote a file' file.c
rm -f "$TMP/mine/large"
fails 'many files' 'because: the programs wrote more than 256 MiB to files' files.c
rm -f "$TMP"/mine/many*
fails 'killing everybody' 'because: the reference server was killed by signal 9: did your client send it' kill.c
nothing_left 'and nothing is left of them'

# What processes share after fork() is there once: 30 x 40 MiB are 40 MiB.
sed 's/int fd = socket/crowd(); &/' "$TMP/mine/slow.c" >"$TMP/mine/crowd.c"
sed -i '/^int main/i #include <signal.h>\n#include <string.h>\n#include <sys/wait.h>\nstatic void crowd(void)\n{\n\tsize_t n = 40U << 20;\n\tchar *p = malloc(n);\n\tpid_t child[30];\n\tif (!p)\n\t\texit(1);\n\tmemset(p, 1, n);\n\tfor (int i = 0; i < 30; i++)\n\t\tif ((child[i] = fork()) == 0)\n\t\t\tfor (;;)\n\t\t\t\tpause();\n\tusleep(300000);\n\tfor (int i = 0; i < 30; i++)\n\t\tif (p[n - 1] == 1 \&\& kill(child[i], SIGKILL) == 0)\n\t\t\twaitpid(child[i], NULL, 0);\n}' "$TMP/mine/crowd.c"
check --runs 1 crowd.c
is 'many processes that share their memory pass' '0 ' "$status $err"

# A compiler has its time on a processor, however slow the machine; who ends the check ends it.
cat >"$TMP/cc" <<'CC'
#!/bin/sh
ulimit -t >"$TOLD"
exec cc "$@"
CC
cat >"$TMP/slow-cc" <<'CC'
#!/bin/sh
: >"$TOLD"
exec sleep 61.25
CC
chmod +x "$TMP/cc" "$TMP/slow-cc"
export TOLD=$TMP/told
CC=$TMP/cc check --runs 1 slow.c
is 'the compiler has 60 s of processor time' '0 60' "$status $(cat "$TMP/told")"
rm "$TMP/told"
(cd "$TMP/mine" && CC=$TMP/slow-cc exec timeout 60 "$WIRELAB" check 01 slow.c) >"$TMP/out" 2>&1 &
front=$!
wait_until 10 test -e "$TMP/told"
pkill -TERM -P "$front" wirelab
wait "$front"
is 'told to end while it compiles, it ends' 130 "$?"
is 'and the compiler with it' '' "$(pgrep -u "$(id -u)" -fx "sleep 61.25")"

cat >"$TMP/mine/spy.sh" <<'SPY'
labs=$1 home=$2
ls "$labs"/*/solution/* "$home"/* 2>/dev/null && echo 'SEEN'
for place in /etc/mine "$labs/mine" "$home/mine" /usr/mine; do (: >"$place") 2>/dev/null && echo "WROTE $place"; done
(: >here) && echo 'own folder'
df -m --output=size /var/tmp /dev/shm | tail -n +2 | grep -vqx ' *64' && echo 'MUCH MEMORY'
echo 'looked'
SPY
HOME=$TMP/home
mkdir "$HOME" && echo secret >"$HOME/secret"
export HOME
labs=$ROOT/labs
[ -z "${WIRELAB_LABS-}" ] || labs=$WIRELAB_LABS
run "$WIRELAB" run 01 -q # so that its programs are there in the view
(cd "$TMP/mine" && timeout 60 "$WIRELAB" check 01 bash -c "bash spy.sh $labs $HOME >told" >/dev/null 2>&1)
is 'it sees neither solutions nor the home, and writes in its folder only' 'own folder
looked' "$(cat "$TMP/mine/told")"

# ---- the end ----

source_of wait2 '#include <unistd.h>' 'for (;;) pause();'
(cd "$TMP/mine" && exec timeout 60 "$WIRELAB" check 01 --timeout 50 wait2.c) >"$TMP/out" 2>&1 &
front=$!
wait_until 20 pgrep -u "$(id -u)" -f 'wirelab-trace.*--session 01-hello' >/dev/null
sleep 0.3
pkill -TERM -P "$front" wirelab
wait "$front"
is 'told to end, it ends' 130 "$?"
nothing_left 'and leaves nothing'
is 'no folder of it either' '' "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'wirelab-check.*' -user "$(id -un)" -newer "$TMP/mine/spy.sh" 2>/dev/null)"
finish
