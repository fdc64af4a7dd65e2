#!/usr/bin/env bash
# The golden screens of the TUI; see tests/tui/check.
exec tests/tui/check
