#!/usr/bin/env bash
# Prints what stands below ringkey's own licence in what is passed on: what else is in it, and under which terms.
# scripts/dist/notices.sh debian|tarball
set -euo pipefail
cat <<'TEXT'

--------------------------------------------------------------------------------

In this distribution

The program contains Swift's runtime libraries (Apache 2.0 with runtime library
exception; their Foundation has ICU, Unicode licence) and swift-argument-parser
(Apache 2.0 with runtime library exception). lib/ringkey has ONNX Runtime (MIT).
Their licences and notices are in the folder third-party beside this file.

TEXT
case $1 in
debian)
    cat <<'TEXT'
FFTW and the other libraries are Debian's own packages, with their licences in
/usr/share/doc and their sources in Debian's archive. On Debian systems the GNU
General Public License is in /usr/share/common-licenses/GPL-2.
TEXT
    ;;
tarball)
    cat <<'TEXT'
lib/ringkey also has FFTW, libpng, libjpeg-turbo, libwebp and libsodium, taken
unchanged from Debian. Their licences are in third-party; the bill of materials
names package and version of each, and `apt-get source PACKAGE=VERSION` gets its
source. The program as a whole is under the GNU General Public License, version 2
or later; the archive ringkey-VERSION-source.tar.gz is its source.
TEXT
    ;;
esac
