#!/usr/bin/env bash
# What the action runs: install, lint, and leave the reports where GitHub looks for them. Everything comes in through the
# environment, so that nothing a workflow passes can become part of a command.
set -euo pipefail

temporary="${RUNNER_TEMP:-$(mktemp -d)}"
package="$ACTION_PATH"
[ -n "${VERSION:-}" ] && package="partywall==$VERSION"
if [ -z "${PARTYWALL:-}" ]; then
  python3 -m venv "$temporary/partywall"
  "$temporary/partywall/bin/pip" install --quiet --disable-pip-version-check "$package"
  PARTYWALL="$temporary/partywall/bin/partywall"
fi

base="${DIFF_BASE:-}"
if [ "$base" = auto ]; then
  base="${PULL_REQUEST_BASE:-}"
fi
if [ -n "$base" ] && ! git cat-file -e "$base^{commit}" 2>/dev/null; then
  git fetch --quiet --depth=1 origin "$base"
fi

arguments=(--no-progress --fail-on "${FAIL_ON:-low}")
[ -n "${CONFIG:-}" ] && arguments+=(--config "$CONFIG")
[ -n "$base" ] && arguments+=(--diff "$base")
read -r -a more <<<"${ARGS:-}"
read -r -a paths <<<"${PATHS:-.}"

sarif="$temporary/partywall.sarif"
json="$temporary/partywall.json"
summary="$temporary/partywall.md"
code=0
"$PARTYWALL" check "${arguments[@]}" "${more[@]}" \
  --format github --format "sarif=$sarif" --format "json=$json" --format "markdown=$summary" \
  -- "${paths[@]}" || code=$?

if [ -f "$summary" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "code=$code"
    if [ -f "$sarif" ]; then
      echo "sarif-file=$sarif"
      echo "findings=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["findings"]))' "$json")"
    fi
  } >>"$GITHUB_OUTPUT"
fi
