#!/bin/sh
# Builds mpx and installs it for this user: ~/.local/lib/mpx and ~/.local/bin/mpx. Then runs the demo.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--replace] [--no-demo]
       ./install.sh --uninstall [--prefix DIR]

Builds mpx and installs it under ~/.local (or DIR), then runs a short demo.

  --replace    also installs mpx as mempalace-mcp, in a directory that comes before the real one on PATH,
               so that agents which name that share the palace without a change of their configuration
  --no-demo    leaves out the demo
  --uninstall  removes what this script has installed, and nothing else
TEXT
}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

prefix=${HOME:?HOME is not set}/.local
demo=yes
replace=no
uninstall=no
while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
        [ $# -gt 1 ] || fail "--prefix needs a directory."
        prefix=$2
        shift
        ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --no-demo) demo=no ;;
    --replace) replace=yes ;;
    --uninstall) uninstall=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done
# A slash at the end would make another name of the same place.
while [ "$prefix" != / ] && [ "${prefix%/}" != "$prefix" ]; do prefix=${prefix%/}; done
case $prefix in
/*) ;;
?*) prefix=$PWD/$prefix ;;
*) fail "--prefix needs a directory." ;;
esac

# Every installation has a directory of its own, so that a daemon keeps the jars it was started from.
lib=$prefix/lib/mpx
bin=$prefix/bin/mpx

# Where mpx stands as mempalace-mcp, one path a line.
replaced=$lib/replaced

# Only what this script put there is ever replaced or removed.
is_ours() {
    [ -L "$1" ] && case $(readlink "$1") in "$lib"/*/bin/mpx) return 0 ;; esac
    return 1
}
is_our_alias() { [ -L "$1" ] && [ "$(readlink "$1")" = "$bin" ]; }

each_replaced() {
    [ -r "$replaced" ] || return 0
    while IFS= read -r alias; do "$@" "$alias"; done <"$replaced"
}
remove_alias() { if is_our_alias "$1"; then rm -f "$1"; fi; }

if [ "$uninstall" = yes ]; then
    each_replaced remove_alias
    rm -f "$replaced"
    if is_ours "$bin"; then rm -f "$bin"; fi
    for old in "$lib"/*/bin/mpx; do
        if [ -f "$old" ]; then rm -rf "${old%/bin/mpx}"; fi
    done
    rmdir "$lib" 2>/dev/null || true
    echo "mpx is gone from $prefix. Palaces and their homes are untouched."
    exit 0
fi

if [ -e "$bin" ] || [ -L "$bin" ]; then
    is_ours "$bin" || fail "$bin is something else; move it away or choose another --prefix."
fi

# ---- --replace: which mempalace-mcp is the real one, and where mpx can stand before it

# mpx knows itself by this, script and program alike.
is_mpx() { LC_ALL=C grep -q mpx-launcher-marker "$1" 2>/dev/null; }

# Runs a command with each directory on PATH, in order, until it succeeds or the directory is the one to stop at.
on_path() {
    rest=${PATH:-}:
    while [ -n "$rest" ]; do
        directory=${rest%%:*}
        directory=${directory%/}
        rest=${rest#*:}
        [ "$directory" != "$stop_at" ] || return 1
        case $directory in /*) if "$@" "$directory"; then return 0; fi ;; esac
    done
    return 1
}

has_real_server() {
    [ -f "$1/mempalace-mcp" ] && [ -x "$1/mempalace-mcp" ] && ! is_mpx "$1/mempalace-mcp" && real=$1/mempalace-mcp
}

may_hold_alias() {
    [ -w "$1" ] || return 1
    if [ -e "$1/mempalace-mcp" ] || [ -L "$1/mempalace-mcp" ]; then is_our_alias "$1/mempalace-mcp"; fi
}

# The first choice is beside mpx, the second any directory of this user's.
is_beside_mpx() { [ "$1" = "$prefix/bin" ] && mkdir -p "$1" && may_hold_alias "$1"; }
is_users_own() {
    case $1 in "$HOME"/*) ;; *) return 1 ;; esac
    may_hold_alias "$1"
}

real=
alias_in=
if [ "$replace" = yes ]; then
    stop_at=none
    on_path has_real_server || fail "there is no mempalace-mcp on PATH to stand before. Install MemPalace first (pip install mempalace)."
    stop_at=${real%/*}
    for choice in is_beside_mpx is_users_own; do
        if [ -z "$alias_in" ] && on_path "$choice"; then alias_in=$directory; fi
    done
    [ -n "$alias_in" ] || fail "mempalace-mcp is in ${real%/*}, and no directory on PATH before that is yours to write to. Put one there, such as
    mkdir -p \"$prefix/bin\" && export PATH=\"$prefix/bin:\$PATH\"
(with another --prefix if that is where the real one is), also in your shell's profile, and run this again."
fi

# A JDK 17 or newer: JAVA_HOME, else PATH.
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/javac" ]; then
    javac=$JAVA_HOME/bin/javac
else
    javac=$(command -v javac) || fail "no JDK found. Install one, 17 or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk), or set JAVA_HOME."
fi
version=$("$javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 17 ] || fail "$javac is too old (${version:-?}): mpx needs a JDK 17 or newer. Set JAVA_HOME to one."
# Asked of Java itself, since javac may be a link or a wrapper script.
java_home=$("${javac%/javac}/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
[ -x "$java_home/bin/java" ] || fail "no java beside $javac."

here=$(cd -- "$(dirname -- "$0")" && pwd)
# A program that is built already can be named by this variable, which is for tests.
dist=${MPX_INSTALL_DIST:-}
if [ -z "$dist" ]; then
    dist=$here/proxy/target/dist
    echo "Building mpx (the first time takes a minute or two) ..."
    (cd "$here" && WERROR="" JAVA_HOME=$java_home ./mvnw -q -B -DskipTests package) || fail "the build failed; see above."
fi

echo "Installing to $lib ..."
mkdir -p "$lib" "$prefix/bin"
before=
if is_ours "$bin"; then
    before=$(readlink "$bin")
    before=${before%/bin/mpx}
fi
new=$lib/$(date +%Y%m%d-%H%M%S)-$$
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
cp -R "$dist" "$new"
printf '%s\n' "$java_home/bin/java" >"$new/lib/java-path"
chmod 755 "$new/bin/mpx" "$new/lib/mpx.sh" "$new/lib/make-archives"
# The server that mpx stands before, for agents whose PATH does not have it.
if [ -n "$real" ]; then
    printf '%s\n' "$real" >"$new/lib/server-path"
elif [ -n "$before" ] && [ -r "$before/lib/server-path" ]; then
    cp "$before/lib/server-path" "$new/lib/server-path"
fi
"$new/lib/make-archives" || echo "mpx works without these archives of Java classes, and starts more slowly."
# One rename: an agent that starts mpx meanwhile finds either the old one or the new one.
ln -s "$new/bin/mpx" "$bin.$$"
mv -f "$bin.$$" "$bin"
trap - EXIT HUP INT TERM
# The one before may have a daemon running; those before that are gone.
running=$(ps -A -o args= 2>/dev/null) || running=
for old in "$lib"/*; do
    case $running in *"$old/"*) continue ;; esac # an older daemon needs its guard there to start its server again
    if [ "$old" != "$new" ] && [ "$old" != "$before" ] && [ -f "$old/bin/mpx" ]; then rm -rf "$old"; fi
done

if [ -n "$alias_in" ]; then
    alias=$alias_in/mempalace-mcp
    ln -s "$bin" "$alias.$$"
    mv -f "$alias.$$" "$alias"
    grep -qxF "$alias" "$replaced" 2>/dev/null || printf '%s\n' "$alias" >>"$replaced"
fi

echo "Done: $("$bin" --version)"
if head -c 2 "$bin" | grep -q '#!'; then
    cat <<TEXT

There was no C compiler (cc and make), so mpx runs on Java alone: every agent's mpx takes 40 MiB and 50 ms to start
instead of 1 MiB and 1 ms, and after a crash of the daemon processes may be left behind ("mpx status" says "degraded").
Install a compiler (Debian: apt install gcc make libc6-dev; macOS: xcode-select --install) and run this again.
TEXT
fi
if [ -n "$alias_in" ]; then
    echo
    echo "mempalace-mcp is now mpx ($alias), and mpx shares the real one, $real."
    echo "Agents that name it by its full path, or have another PATH, still start their own."
fi
case :${PATH:-}: in
*":$prefix/bin:"*) ;;
*)
    echo
    echo "$prefix/bin is not on your PATH. Add this line to your shell's profile:"
    echo "    export PATH=\"$prefix/bin:\$PATH\""
    ;;
esac

if [ "$demo" = yes ]; then
    echo
    echo "The demo:"
    "$bin" demo
fi
