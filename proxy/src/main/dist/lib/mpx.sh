#!/bin/sh
# mpx-launcher-marker: by this line mpx knows itself under any name; keep it near the top.
#
# Starts the right part of mpx on the right Java. Under the name mempalace-mcp it is the shim, and every
# argument is the server's; under the name mempalace it is what lib/mempalace.sh says. Prints nothing to standard
# output: that belongs to the protocol.
#
# This is bin/mpx where mpx was built without a C compiler; elsewhere bin/mpx is a native program that does the same.

# Its own real path; readlink -f is not everywhere.
self=$0
case $self in
*/*) ;;
*) self=$(command -v -- "$self") ;;
esac
name=${self##*/}
while [ -L "$self" ]; do
    link=$(readlink "$self")
    case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
    esac
done
root=$(cd -P -- "${self%/*}/.." && pwd -P) || exit 1
lib=$root/lib

[ "$name" != mempalace ] || exec /bin/sh "$lib/mempalace.sh" "$@"

# Java: JAVA_HOME unless it is known to be older than 17, then what install.sh found, then PATH.
is_old() {
    [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
        'JAVA_VERSION="1.'* | 'JAVA_VERSION="9'* | 'JAVA_VERSION="1'[0-6][.\"]*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}
java=
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ] && ! is_old "$JAVA_HOME"; then
    java=$JAVA_HOME/bin/java
fi
if [ -z "$java" ] && [ -r "$lib/java-path" ]; then
    IFS= read -r java <"$lib/java-path"
    [ -x "$java" ] || java=
fi
if [ -z "$java" ]; then
    java=$(command -v java) || {
        echo "mpx: no Java found. Install a JDK 17 or newer, or set JAVA_HOME to one." >&2
        exit 1
    }
fi

# Agents strip the environment, and Java takes the encoding of file names from the locale.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
*[Uu][Tt][Ff]*) ;;
*)
    if [ -n "${LC_ALL:-}" ]; then
        LC_ALL=C.UTF-8
        export LC_ALL
    else
        LC_CTYPE=C.UTF-8
        export LC_CTYPE
    fi
    ;;
esac

version=dev
[ -r "$lib/version" ] && IFS= read -r version <"$lib/version"

# Which part: the first word that is no option of mpx's own says so.
part=shim
alias=false
if [ "$name" = mempalace-mcp ]; then
    alias=true
else
    skip=
    palace=
    connect=
    for word; do
        if [ -n "$skip" ]; then
            skip=
            continue
        fi
        case $word in
        --) break ;;
        --home | --endpoint) skip=1 ;;
        --home=* | --endpoint=*) ;;
        connect) connect=1 ;;
        # What SSH runs on the host: no shim, a pipe.
        --guest)
            [ -z "$connect" ] || part=cli
            break
            ;;
        # The palace may be named for a command as well as for the server.
        --palace) skip=1 palace=1 ;;
        --palace=*) palace=1 ;;
        -h | --help | -V | --version)
            [ -n "$palace" ] && break
            part=cli
            break
            ;;
        -*) break ;;
        serve)
            part=serve
            break
            ;;
        status | stop | restart | ensure | doctor | demo | run | hook | install | uninstall | logs | trace | metrics)
            part=cli
            break
            ;;
        *)
            # Behind --palace it is one of the server's own arguments.
            [ -n "$palace" ] && break
            part=cli
            break
            ;;
        esac
    done
fi

# In an order that does not depend on the file system: an archive of classes is good for one order only.
all_jars() {
    LC_ALL=C
    jars=
    for jar in "$lib"/*.jar; do jars=$jars${jars:+:}$jar; done
    printf '%s' "$jars"
}
if [ "$part" = shim ]; then
    classpath=$lib/mpx-proxy.jar:$lib/mpx-framing.jar
    main=dev.mpx.proxy.shim.ShimMain
else
    classpath=$(all_jars)
    main=dev.mpx.proxy.cli.Mpx
fi
flags=
[ -r "$lib/java/$part.flags" ] && IFS= read -r flags <"$lib/java/$part.flags"

# Made by lib/make-archives, and good for the Java that made it.
archive=
if [ -r "$lib/java/archived-by" ] && [ -r "$lib/java/$part.jsa" ]; then
    IFS= read -r maker <"$lib/java/archived-by"
    # shellcheck disable=SC3013 # every sh here knows -ef; one that does not goes without the archive
    [ "$maker" -ef "$java" ] 2>/dev/null && archive=$lib/java/$part.jsa
fi

# The native program is the guard, also for who starts this script beside it.
native=
if [ -x "$root/bin/mpx" ]; then
    IFS= read -r first <"$root/bin/mpx"
    case $first in '#!'*) ;; *) native=$root/bin/mpx ;; esac
fi

# MPX_JAVA_OPTS is for looking into mpx itself. Flags are meant to be split into words, paths are not.
set -f
# shellcheck disable=SC2086
exec "$java" $flags ${archive:+"-XX:SharedArchiveFile=$archive"} \
    -Dmpx.launcher="$root/bin/mpx" -Dmpx.version="$version" -Dmpx.parent="$PPID" -Dmpx.alias="$alias" \
    ${native:+"-Dmpx.native=$native"} \
    ${MPX_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
