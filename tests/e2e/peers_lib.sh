# Helpers for the tests of our programs and other people's against each other; source it:
# . tests/e2e/peers_lib.sh
# The script goes on in a network of its own: no port is taken there, and all can be captured.
# shellcheck shell=bash
. tests/e2e/lib.sh

needs ip ss
if [ -z "${WIRELAB_TEST_INSIDE-}" ]; then
	in_namespace true 2>/dev/null || skip_all 'this machine lets us make no namespaces'
	WIRELAB_TEST_INSIDE=yes in_namespace "$0"
	exit
fi
ip link set lo up
# shellcheck disable=SC2034 # the caller uses it
LABS=$WIRELAB_BIN/../labs

# have PROGRAM NAME: is it there? Where it is not, the tests of that name are skipped.
have() {
	command -v "$1" >/dev/null && return
	skip "$2" "there is no $1"
	return 1
}

peers=() tracer=''
end_peers() {
	kill "${peers[@]}" $tracer 2>/dev/null
	wait
	rm -rf "$TMP"
}
trap end_peers EXIT

# begin WHERE COMMAND...: in the background, until somebody listens there; sets peer, its process id.
# What it says is added to $TMP/log.
begin() {
	local where=$1
	shift
	"$@" >>"$TMP/log" 2>&1 </dev/null &
	peer=$!
	peers+=("$peer")
	wait_until 20 listens "$where" && return
	not_ok "$1 begins" "$(tail -n 5 "$TMP/log")"
	return 1
}

# listens WHERE: does somebody, at [ADDRESS:]PORT (TCP) or [ADDRESS:]PORT/udp?
listens() {
	local kind=t where=${1%/udp}
	[ "$where" = "$1" ] || kind=u
	[ "$where" != "${where##*:}" ] || where=:$where
	ss -Hln$kind "src $where" | grep -q .
}

# stop PROCESS: tells it to end; its status.
stop() {
	local i
	for i in "${!peers[@]}"; do
		[ "${peers[i]}" != "$1" ] || unset "peers[i]"
	done
	kill "$1"
	wait "$1"
}

# end NAME: who began last ends with 0 when it is told to.
end() {
	stop "${peers[-1]}"
	is "$1 ends with 0" 0 $?
}

# compile PROGRAM WORDS...: with the sanitizers; the words are files and libraries.
compile() {
	cc -std=gnu17 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -Ilabs -pthread \
		-o "$TMP/$1" "${@:2}" 2>"$TMP/cc" || not_ok "$1 compiles" "$(cat "$TMP/cc")"
}

# capture FILE FILTER: what is said from here on, until end_capture.
capture() {
	rm -f "$TMP/ready"
	"$TRACE" -i lo -s 0 -o none -w "$1" --ready 3 "$2" 3>"$TMP/ready" 2>"$TMP/trace.log" &
	tracer=$!
	wait_until 20 grep -qs ready "$TMP/ready" || not_ok 'the tracer captures' "$(cat "$TMP/trace.log")"
}

end_capture() {
	kill "$tracer"
	wait "$tracer"
	tracer=''
}
