#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches guests that nobody here wrote: takes files out of Debian packages, without installing
# them, into DIRECTORY. What is there already is not fetched again. Needs no root.
#   fetch-guest.sh DIRECTORY
set -eu

package=debian-installer-12-netboot-i386
inside=usr/lib/debian-installer/images/12/i386/text/debian-installer/i386
files="linux initrd.gz"

fail() {
    echo "tessera: $*" >&2
    exit 1
}

[ $# = 1 ] || fail "usage: tools/fetch-guest.sh DIRECTORY"
to=$1
complete=true
for file in $files; do
    [ -s "$to/$file" ] || complete=false
done
if $complete; then
    exit 0
fi

mkdir -p "$to"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/deb" "$work/state/lists/partial" "$work/cache/archives/partial"
# apt drops root's rights to the user _apt while it downloads.
chmod 755 "$work"
if [ "$(id -u)" = 0 ] && id _apt >/dev/null 2>&1; then
    chown -R _apt "$work"
fi

# The system's package lists if they know the package, else lists of our own for the moment.
private="-o Dir::State::lists=$work/state/lists -o Dir::Cache=$work/cache"
echo "tessera: fetching $package (105 MB) into $to"
# shellcheck disable=SC2086 # a list of options
if ! (cd "$work/deb" && apt-get -q download "$package" 2>/dev/null); then
    apt-get -q $private update || fail "apt-get update did not work"
    (cd "$work/deb" && apt-get -q $private download "$package") || fail "cannot fetch $package"
fi

mkdir "$work/root"
dpkg-deb -x "$work"/deb/*.deb "$work/root" || fail "cannot unpack $package"
for file in $files; do
    cp "$work/root/$inside/$file" "$to/$file.part" || fail "$package holds no $inside/$file"
    mv "$to/$file.part" "$to/$file"
done
