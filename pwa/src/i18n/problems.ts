import { m } from ".";

const texts: Record<string, () => string> = {
  "other": m.problem_other,
  "network": m.problem_network,
  "token-missing": m.problem_token_missing,
  "token-expired": m.problem_token_expired,
  "token-invalid": m.problem_token_invalid,
  "session-ended": m.problem_session_ended,
  "role-refused": m.problem_role_refused,
  "not-found": m.problem_not_found,
  "malformed": m.problem_malformed,
  "unknown-field": m.problem_unknown_field,
  "unknown-action-kind": m.problem_unknown_action_kind,
  "unknown-action-version": m.problem_unknown_action_version,
  "too-large": m.problem_too_large,
  "unsupported-media": m.problem_unsupported_media,
  "rate-limited": m.problem_rate_limited,
  "unavailable": m.problem_unavailable,
  "internal": m.problem_internal,
  "conflict": m.problem_conflict,
  "action-id-reused": m.problem_action_id_reused,
  "revision-conflict": m.problem_revision_conflict,
  "conversation-closed": m.problem_conversation_closed,
  "conversation-taken": m.problem_conversation_taken,
  "conversation-not-held": m.problem_conversation_not_held,
  "origin-refused": m.problem_origin_refused,
  "range-refused": m.problem_range_refused,
  "text-too-long": m.problem_text_too_long,
  "text-empty": m.problem_text_empty,
  "registration-conflict": m.problem_registration_conflict,
  "code-wrong": m.problem_code_wrong,
  "puzzle-needed": m.problem_puzzle_needed,
  "puzzle-wrong": m.problem_puzzle_wrong,
  "passkey-refused": m.problem_passkey_refused,
  "invite-used": m.problem_invite_used,
  "file-mismatch": m.problem_file_mismatch,
  "file-offset": m.problem_file_offset,
  "file-type-refused": m.problem_file_type_refused,
  "link-expired": m.problem_link_expired,
  "endpoint-refused": m.problem_endpoint_refused,
  "envelope-mismatch": m.problem_envelope_mismatch,
  "demo-only": m.problem_demo_only,
  "not-ready": m.problem_not_ready,
  "not-acceptable": m.problem_not_acceptable,
  "method-not-allowed": m.problem_method_not_allowed,
  "dependency-refused": m.problem_dependency_refused,
};

export function textOf(kind: string | null | undefined): string {
  return (texts[kind ?? "other"] ?? m.problem_other)();
}

export const kinds = Object.keys(texts);
