# Helpers for tests of the TUI on a real terminal, tmux; source it behind lib.sh or run_lib.sh.
# shellcheck shell=bash
command -v tmux >/dev/null || skip_all 'tmux is not installed'
unset TMUX
export TERM=xterm-256color TZ=UTC

terminals=0
tmux_() {
	tmux -L "$WIRELAB_TEST_MARK-$terminals" -f /dev/null "$@"
}
trap 'tmux_ kill-server 2>/dev/null; rm -rf "$TMP"' EXIT

# begin WIDTH HEIGHT COMMAND...: in a terminal of that size; its exit status appears as "EXIT n".
# Each has a server of its own: one that is ending may still take a session and end with it.
begin() {
	local width=$1 height=$2
	shift 2
	tmux_ kill-server 2>/dev/null
	terminals=$((terminals + 1))
	printf '%s\n' "$* ; echo EXIT \$?; exec sleep 60" >"$TMP/$terminals"
	tmux_ new-session -d -x "$width" -y "$height" "exec sh $TMP/$terminals"
}

screen() {
	tmux_ capture-pane -p
}

keys() {
	tmux_ send-keys "$@"
}

# sees NAME REGEX: the screen gets a line like that.
sees() {
	if wait_until 20 screen_has "$2"; then ok "$1"; else not_ok "$1" "no line matches: $2
$(screen)"; fi
}

# shellcheck disable=SC2317 # called by wait_until
screen_has() {
	screen | grep -qE -- "$1"
}
