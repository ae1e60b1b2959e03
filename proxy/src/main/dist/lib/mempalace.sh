# mpx in the place of `mempalace` where there is no native program, started by mpx.sh. A job needs the native program's guard, so
# here what writes is refused, and what reads goes straight to the real one. The native program has the same rules: jobs/alias.c; a
# test compares the two.

here=${0%/*}

is_mpx() { LC_ALL=C grep -q mpx-launcher-marker "$1" 2>/dev/null; }
is_real() { [ -f "$1" ] && [ -x "$1" ] && ! is_mpx "$1"; }

# The first on PATH that is not mpx, else the one that install.sh has put mpx ahead of.
real=
rest=${PATH:-}:
while [ -z "$real" ] && [ -n "$rest" ]; do
    directory=${rest%%:*}
    rest=${rest#*:}
    if [ -n "$directory" ] && is_real "$directory/mempalace"; then real=$directory/mempalace; fi
done
if [ -z "$real" ] && [ -r "$here/mempalace-path" ]; then
    IFS= read -r real <"$here/mempalace-path"
    is_real "$real" || real=
fi
if [ -z "$real" ]; then
    echo "mpx: mpx stands in the place of mempalace here, and found no real one on PATH or where it was when mpx was installed." >&2
    exit 127
fi

# What is part of a job, by another installation's native program, has the palace already: the guard of that job is above it.
is_of_a_job() {
    above=$PPID
    while [ -n "$above" ] && [ "$above" -gt 1 ]; do
        case $(tr '\0' ' ' <"/proc/$above/cmdline" 2>/dev/null) in *" guard --job "*" --lock "*) return 0 ;; esac
        above=$(sed -n 's/^PPid:[[:blank:]]*//p' "/proc/$above/status" 2>/dev/null)
    done
    return 1
}

for word; do
    case $word in -h | --help) exec "$real" "$@" ;; --) break ;; esac
done
subcommand=
next=
value=
for word; do
    if [ -n "$subcommand" ]; then
        next=${next:-$word}
    elif [ -n "$value" ]; then
        value=
    else
        case $word in
        --*=*) ;;
        --p | --pa | --pal | --pala | --palac | --palace) value=1 ;;
        --b | --ba | --bac | --back | --backe | --backen | --backend) value=1 ;;
        -*) ;;
        *) subcommand=$word ;;
        esac
    fi
done
case "$subcommand $next" in
"daemon start" | "hook run") ;;
" "* | "hook "* | "search "* | "status "* | "wake-up "* | "repair-status "* | "audit "* | "instructions "* | "rules "* | \
    "mcp "* | "split "* | "logstream "* | "artifact "* | "task "* | "update "* | "daemon "*) exec "$real" "$@" ;;
esac
if [ -n "${MPX_LENT:-}" ] && is_of_a_job; then exec "$real" "$@"; fi
echo "mpx: \"mempalace $subcommand\" may write to the palace that mpx shares, and taking turns needs mpx's native program, which was not
mpx: built where mpx was installed: it was not run. Install a C compiler (Debian: apt install gcc make) and run install.sh again; or
mpx: end the agents and the daemon (mpx stop), and run the real one: $real" >&2
# Not 2 for a hook, by which it stops its agent.
[ "$subcommand" = hook ] && exit 1
exit 3
