#!/bin/sh
# Whatever can send a CloudEvent (1.0) starts a workflow: here curl, in binary mode. The same id starts nothing twice.
# FAULTLINE_HOOK_URL: address of a hook of the kind cloudevents; FAULTLINE_HOOK_TOKEN: its secret (docs/guides/hooks.md).
set -eu

curl --fail --silent --show-error "$FAULTLINE_HOOK_URL" \
  --header "Authorization: Bearer $FAULTLINE_HOOK_TOKEN" \
  --header 'Content-Type: application/json' \
  --header 'ce-specversion: 1.0' \
  --header "ce-id: ${EVENT_ID:?}" \
  --header 'ce-source: /pipelines/shop' \
  --header 'ce-type: com.example.deployment.finished' \
  --data "{\"revision\": \"${REVISION:?}\", \"environment\": \"staging\"}"
