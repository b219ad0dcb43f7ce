# What the scripts that fetch Debian packages for another machine share. To be sourced.
#
# Everything comes from the release suite alone: it is frozen per point release, so that packages of
# two architectures, and a kernel with its headers and source, are of one version. The host's own
# sources say where packages come from; no name of a server stands in the tree. Nothing is installed
# on the host and no foreign architecture is added to it.

fail() { echo "error: $*" >&2; exit 1; }

need_tool() {  # need_tool PROGRAM PACKAGE
  command -v "$1" >/dev/null || fail "$1 is missing; install it: apt-get install $2"
}

cache_folder() { echo "${TAKT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/takt}"; }

packages_of() {  # packages_of GROUP: its names in packages.txt, one a line
  awk -v group="$1" '$1 == group {print $2}' "$(dirname "${BASH_SOURCE[0]}")/packages.txt"
}

# Names what a cached thing was made of: a change of its ingredients is another name.
content_hash() { sha256sum | cut -c1-12; }

release_source() {  # the host's source of the release suite, as one line of sources.list
  local codename uri
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  uri=$(
    { cat /etc/apt/sources.list.d/*.sources | awk -v suite="$codename" 'BEGIN {RS = ""; FS = "\n"} {
        uri = ""; wanted = 0
        for (i = 1; i <= NF; ++i) {
          count = split($i, word, /[ \t]+/)
          if (word[1] == "URIs:") uri = word[2]
          if (word[1] == "Suites:") for (j = 2; j <= count; ++j) if (word[j] == suite) wanted = 1
        }
        if (wanted && uri != "") print uri
      }'
      cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list | awk -v suite="$codename" '
        $1 == "deb" {
          at = 2
          if ($2 ~ /^\[/) { while ($at !~ /\]$/ && at < NF) ++at; ++at }
          if ($(at + 1) == suite) print $at
        }'
    } 2>/dev/null | head -n 1)
  [ -n "$uri" ] || fail "no source of Debian's suite '$codename' in /etc/apt; add one, see sources.list(5)"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $codename main"
}

# extract ARCH FOLDER PACKAGE...: the files of these packages and of all that they depend on. Nothing
# in them is run, so it needs no emulator and no privilege. A mirror in the middle of an update
# answers wrongly for minutes: three tries.
extract() {
  local arch=$1 folder=$2 source log try
  shift 2
  need_tool mmdebstrap mmdebstrap
  source=$(release_source)
  log=$folder.log
  for try in 1 2 3; do
    rm -rf "$folder"
    if mmdebstrap --mode=chrootless --variant=extract --architectures="$arch" \
        --include="$(IFS=,; echo "$*")" "$(echo "$source" | awk '{print $4}')" "$folder" \
        "$source" >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    echo "try $try of 3 to fetch packages for $arch failed" >&2
    [ "$try" -eq 3 ] || sleep 5
  done
  tail -n 20 "$log" >&2
  fail "cannot fetch the packages for $arch: $*"
}
