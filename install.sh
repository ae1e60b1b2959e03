#!/bin/sh
# Builds mpx and installs it for this user: ~/.local/lib/mpx and ~/.local/bin/mpx. Then runs the demo.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--no-demo]
       ./install.sh --uninstall [--prefix DIR]

Builds mpx and installs it under ~/.local (or DIR), then runs a short demo.
TEXT
}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

prefix=${HOME:?HOME is not set}/.local
demo=yes
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
case $prefix in
/*) ;;
?*) prefix=$PWD/$prefix ;;
*) fail "--prefix needs a directory." ;;
esac

# Every installation has a directory of its own, so that a daemon keeps the jars it was started from.
lib=$prefix/lib/mpx
bin=$prefix/bin/mpx

# Only what this script put there is ever replaced or removed.
is_ours() {
    [ -L "$1" ] && case $(readlink "$1") in "$lib"/*/bin/mpx) return 0 ;; esac
    return 1
}

if [ "$uninstall" = yes ]; then
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
echo "Building mpx (the first time takes a minute or two) ..."
(cd "$here" && JAVA_HOME=$java_home ./mvnw -q -B -DskipTests package) || fail "the build failed; see above."

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
cp -R "$here/proxy/target/dist" "$new"
printf '%s\n' "$java_home/bin/java" >"$new/lib/java-path"
chmod 755 "$new/bin/mpx"
# One rename: an agent that starts mpx meanwhile finds either the old one or the new one.
ln -s "$new/bin/mpx" "$bin.$$"
mv -f "$bin.$$" "$bin"
trap - EXIT HUP INT TERM
# The one before may have a daemon running; those before that are gone.
for old in "$lib"/*; do
    if [ "$old" != "$new" ] && [ "$old" != "$before" ] && [ -f "$old/bin/mpx" ]; then rm -rf "$old"; fi
done

echo "Done: $("$bin" --version)"
if [ ! -x "$new/lib/mpx-native" ]; then
    cat <<'TEXT'

The guard was not built: there was no make or no C compiler (cc) on PATH. mpx works without it, but "mpx status" says
"degraded": a crash of the daemon may leave processes behind, and then one writer to the palace is not promised.
To have it, install them (Debian: apt install make gcc libc6-dev; macOS: xcode-select --install) and run this again.
TEXT
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
