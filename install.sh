#!/bin/sh
# Builds mpx and installs it for this user: ~/.local/lib/mpx and ~/.local/bin/mpx. Then runs the demo.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--replace] [--replace-mempalace] [--no-demo]
       ./install.sh --uninstall [--prefix DIR]

Builds mpx and installs it under ~/.local (or DIR), then runs a short demo.

  --replace    also installs mpx as mempalace-mcp, in a directory that comes before the real one on PATH,
               so that agents which name that share the palace without a change of their configuration
  --replace-mempalace
               the same, and also as mempalace, for mines and hooks that name that one: what writes takes turns with the
               agents as "mpx run" and "mpx hook" do, and all else goes straight to the real one
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
replace_mempalace=no
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
    --replace-mempalace) replace=yes replace_mempalace=yes ;;
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

# Where mpx stands as mempalace-mcp and as mempalace, one path a line.
replaced=$lib/replaced

# Only what this script put there is ever replaced or removed.
is_ours() {
    [ -L "$1" ] && case $(readlink "$1") in "$lib"/*/bin/mpx) return 0 ;; esac
    return 1
}
is_our_alias() { [ -L "$1" ] && [ "$(readlink "$1")" = "$bin" ]; }

# Completion and manual pages, as links to those of the installation of the moment, where bash-completion, fish and man(1)
# look for a user's own; zsh is told where that is.
share=$prefix/share
is_our_page() { [ -L "$1" ] && case $(readlink "$1") in "$lib"/*/share/*) return 0 ;; esac; return 1; }
remove_pages() {
    for page in "$share/bash-completion/completions/mpx" "$share/zsh/site-functions/_mpx" "$share/fish/vendor_completions.d/mpx.fish" \
        "$share"/man/man1/mpx*.1; do
        if is_our_page "$page"; then
            rm -f "$page"
            # what is empty now was made for it, or nobody misses it
            rmdir "${page%/*}" 2>/dev/null && rmdir "${page%/*/*}" 2>/dev/null || true
        fi
    done
    rmdir "$share" 2>/dev/null || true
}
add_pages() { # from the installation $1; what is somebody else's stays
    (cd "$1/share" && find . -type f) | while IFS= read -r page; do
        page=${page#./}
        if [ -e "$share/$page" ] || [ -L "$share/$page" ]; then is_our_page "$share/$page" || continue; fi
        mkdir -p "$share/${page%/*}" && ln -sf "$1/share/$page" "$share/$page" || echo "install.sh: could not install $share/$page." >&2
    done
}

each_replaced() {
    [ -r "$replaced" ] || return 0
    while IFS= read -r alias; do "$@" "$alias"; done <"$replaced"
}
remove_alias() { if is_our_alias "$1"; then rm -f "$1"; fi; }

if [ "$uninstall" = yes ]; then
    each_replaced remove_alias
    rm -f "$replaced"
    remove_pages
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

# ---- --replace: which programs are the real ones, and where mpx can stand before them

names=mempalace-mcp
[ "$replace_mempalace" = no ] || names="mempalace-mcp mempalace"

# mpx knows itself by this, script and program alike.
is_mpx() { LC_ALL=C grep -q mpx-launcher-marker "$1" 2>/dev/null; }

# Runs a command with each directory on PATH, in order, until it succeeds or the directory is one to stop at.
on_path() {
    rest=${PATH:-}:
    while [ -n "$rest" ]; do
        directory=${rest%%:*}
        directory=${directory%/}
        rest=${rest#*:}
        [ "$directory" != "$stop_at" ] && [ "$directory" != "$stop_at_mempalace" ] || return 1
        case $directory in /*) if "$@" "$directory"; then return 0; fi ;; esac
    done
    return 1
}

has_real() { [ -f "$1/$name" ] && [ -x "$1/$name" ] && ! is_mpx "$1/$name" && found=$1/$name; }

# Sets `found` to the real program of that name.
find_real() {
    name=$1
    on_path has_real || fail "there is no $name on PATH to stand before. Install MemPalace first (pip install mempalace)."
}

may_hold_alias() {
    [ -w "$1" ] || return 1
    for name in $names; do
        if [ -e "$1/$name" ] || [ -L "$1/$name" ]; then is_our_alias "$1/$name" || return 1; fi
    done
}

# The first choice is beside mpx, the second any directory of this user's.
is_beside_mpx() { [ "$1" = "$prefix/bin" ] && mkdir -p "$1" && may_hold_alias "$1"; }
is_users_own() {
    case $1 in "$HOME"/*) ;; *) return 1 ;; esac
    may_hold_alias "$1"
}

real=
real_mempalace=
alias_in=
stop_at=none
stop_at_mempalace=none
if [ "$replace" = yes ]; then
    find_real mempalace-mcp
    real=$found
    if [ "$replace_mempalace" = yes ]; then
        find_real mempalace
        real_mempalace=$found
        stop_at_mempalace=${found%/*}
    fi
    stop_at=${real%/*}
    for choice in is_beside_mpx is_users_own; do
        if [ -z "$alias_in" ] && on_path "$choice"; then alias_in=$directory; fi
    done
    [ -n "$alias_in" ] || fail "mempalace-mcp is in ${real%/*}${real_mempalace:+, mempalace in ${real_mempalace%/*}}, and no directory on PATH before that is yours to write to. Put one there, such as
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
    (cd "$here" && WERROR="" JAVA_HOME=$java_home ./mvnw -q -B -DskipTests -pl '!bench' package) || fail "the build failed; see above."
fi
is_script() { head -c 2 "$1" | grep -q '#!'; }
if [ "$replace_mempalace" = yes ] && is_script "$dist/bin/mpx"; then
    fail "in the place of mempalace mpx needs its native program, and there was no C compiler (cc and make) to build it. Install one (Debian: apt install gcc make libc6-dev; macOS: xcode-select --install), or use --replace alone."
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
# The programs that mpx stands before, for agents whose PATH does not have them.
record() { # FILE PROGRAM: the program, else what the installation before had
    if [ -n "$2" ]; then
        printf '%s\n' "$2" >"$new/lib/$1"
    elif [ -n "$before" ] && [ -r "$before/lib/$1" ]; then
        cp "$before/lib/$1" "$new/lib/$1"
    fi
}
record server-path "$real"
record mempalace-path "$real_mempalace"
"$new/lib/make-archives" || echo "mpx works without these archives of Java classes, and starts more slowly."
# One rename: an agent that starts mpx meanwhile finds either the old one or the new one.
ln -s "$new/bin/mpx" "$bin.$$"
mv -f "$bin.$$" "$bin"
remove_pages # of the one before, which may have had others
[ ! -d "$new/share" ] || add_pages "$new"
trap - EXIT HUP INT TERM
# The one before may have a daemon running; those before that are gone.
running=$(ps -A -o args= 2>/dev/null) || running=
for old in "$lib"/*; do
    case $running in *"$old/"*) continue ;; esac # an older daemon needs its guard there to start its server again
    if [ "$old" != "$new" ] && [ "$old" != "$before" ] && [ -f "$old/bin/mpx" ]; then rm -rf "$old"; fi
done

if [ -n "$alias_in" ]; then
    for name in $names; do
        alias=$alias_in/$name
        ln -s "$bin" "$alias.$$"
        mv -f "$alias.$$" "$alias"
        grep -qxF "$alias" "$replaced" 2>/dev/null || printf '%s\n' "$alias" >>"$replaced"
    done
fi

echo "Done: $("$bin" --version)"
case ${SHELL:-} in
*/zsh)
    echo "For completion in zsh, put this line before compinit in ~/.zshrc:"
    echo "    fpath=(\"$share/zsh/site-functions\" \$fpath)"
    ;;
esac
if is_script "$bin"; then
    cat <<TEXT

There was no C compiler (cc and make), so mpx runs on Java alone: every agent's mpx takes 40 MiB and 50 ms to start
instead of 1 MiB and 1 ms, and after a crash of the daemon processes may be left behind ("mpx status" says "degraded").
Install a compiler (Debian: apt install gcc make libc6-dev; macOS: xcode-select --install) and run this again.
TEXT
fi
if [ -n "$alias_in" ]; then
    echo
    echo "mempalace-mcp is now mpx ($alias_in/mempalace-mcp), and mpx shares the real one, $real."
    if [ -n "$real_mempalace" ]; then
        echo "mempalace is mpx as well ($alias_in/mempalace): what writes takes turns, all else is done by $real_mempalace."
    fi
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
