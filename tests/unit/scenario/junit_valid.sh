#!/usr/bin/env bash
# The schema of JUnit XML holds for the reports, also with hostile texts; it finds a planted breach.
#   junit_valid.sh WRITE_REPORTS SCHEMA
set -euo pipefail
command -v xmllint >/dev/null || { echo "error: no xmllint: apt-get install libxml2-utils" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for kind in "" hostile; do
  "$1" "$folder/run$kind" $kind
  xmllint --noout --schema "$2" "$folder/run$kind/junit.xml"
done
failures=$(xmllint --xpath 'count(//testcase/failure) = sum(/testsuites/@failures) and
  count(//testcase) = sum(//testsuite/@tests) and count(//testcase/error) = sum(//testsuite/@errors) and
  count(//testcase/skipped) = sum(//testsuite/@skipped) and count(//testcase) = 6' "$folder/runhostile/junit.xml")
[ "$failures" = true ] || { echo "error: the counts are not those of the cases" >&2; exit 1; }

sed 's/<testcase /<testcase hidden="1" /' "$folder/run/junit.xml" >"$folder/planted.xml"
if xmllint --noout --schema "$2" "$folder/planted.xml" 2>/dev/null; then
  echo "error: the schema takes an attribute that nobody knows" >&2
  exit 1
fi
