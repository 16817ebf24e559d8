# shellcheck shell=bash
# One line per check, so that a reader sees what was checked and Tests/run can count. Sourced.
#
# A script that sources this ends with `finish`: exit 0 only if no check failed.

CHECKS_PASSED=0
CHECKS_FAILED=0
CHECKS_SKIPPED=0

pass() {
    CHECKS_PASSED=$((CHECKS_PASSED + 1))
    printf '  pass  %s\n' "$*"
}

fail() {
    CHECKS_FAILED=$((CHECKS_FAILED + 1))
    printf '  FAIL  %s\n' "$*"
}

skip() {
    CHECKS_SKIPPED=$((CHECKS_SKIPPED + 1))
    printf '  skip  %s\n' "$*"
}

# check DESCRIPTION COMMAND… : passes when the command succeeds; shows its output when it does not.
check() {
    local description=$1 output
    shift
    if output=$("$@" 2>&1); then
        pass "$description"
    else
        fail "$description"
        printf '%s\n' "$output" | tail -n 20 | sed 's/^/        | /'
    fi
}

# check_exit CODE DESCRIPTION COMMAND… : passes when the command ends with exactly this exit code.
check_exit() {
    local expected=$1 description=$2 output status=0
    shift 2
    output=$("$@" 2>&1) || status=$?
    if [ "$status" = "$expected" ]; then
        pass "$description"
    else
        fail "$description (exit $status, expected $expected)"
        printf '%s\n' "$output" | tail -n 20 | sed 's/^/        | /'
    fi
}

# check_equal DESCRIPTION EXPECTED ACTUAL
check_equal() {
    if [ "$2" = "$3" ]; then
        pass "$1"
    else
        fail "$1 (expected '$2', got '$3')"
    fi
}

# check_contains DESCRIPTION NEEDLE TEXT
check_contains() {
    if grep -qF -- "$2" <<<"$3"; then
        pass "$1"
    else
        fail "$1 (no '$2' in the answer)"
        printf '%s\n' "$3" | tail -n 12 | sed 's/^/        | /'
    fi
}

# wait_until SECONDS COMMAND… : tries every 0.2 s. The limit only keeps a hang from lasting for ever.
wait_until() {
    local limit=$1 end
    shift
    end=$((SECONDS + limit))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.2
    done
}

# checks_of PREFIX COMMAND… : runs a program that prints the lines of its own checks in this form, shows them with the
# prefix and counts them. Its exit code counts as a failure if it is neither 0 nor explained by a FAIL line; 77 means
# that it had to skip, which it has said.
checks_of() {
    local prefix=$1 status=0 kind rest bad=$CHECKS_FAILED
    shift
    while IFS= read -r rest; do
        kind=${rest:2:4}
        case $kind in
            pass) pass "$prefix${rest:8}" ;;
            FAIL) fail "$prefix${rest:8}" ;;
            skip) skip "$prefix${rest:8}" ;;
            exit) status=${rest:8} ;;
            *) printf '%s\n' "$rest" ;;
        esac
    done < <("$@" 2>&1 || printf '  exit  %s\n' "$?")
    [ "$status" = 0 ] || [ "$status" = 77 ] || [ "$bad" != "$CHECKS_FAILED" ] \
        || fail "$prefix$1 ended with exit code $status"
}

finish() {
    printf '  %d passed, %d failed, %d skipped\n' "$CHECKS_PASSED" "$CHECKS_FAILED" "$CHECKS_SKIPPED"
    [ "$CHECKS_FAILED" = 0 ]
}
