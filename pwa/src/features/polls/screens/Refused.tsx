import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { dropPoll } from "../actions";
import { toDraft, type PollDraft } from "../draft";
import type { closings, publishingIn } from "../queries";

/** Polls that were refused: each goes back into the form, and takes the place of what stands there when one says so. Without a form it is seen, and goes. */
export function RefusedPolls({ polls, full = false, edit }: { polls: ReturnType<typeof publishingIn>; full?: boolean; edit?: (draft: PollDraft) => void }) {
  const { busy, error, run } = useTask();
  const again = (action_id: string, draft: PollDraft) =>
    void run(async () => {
      edit?.(draft);
      await dropPoll(action_id);
    });
  return (
    <>
      {polls
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind, body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.poll_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <p>{body.question}</p>
            {full ? (
              <Confirm label={m.poll_refused_edit()} ask={m.tip_refused_over()} yes={m.poll_refused_edit()} onYes={() => again(action_id, toDraft(body))} busy={busy} />
            ) : (
              <button type="button" class="button" disabled={busy} onClick={() => again(action_id, toDraft(body))}>
                {edit ? m.poll_refused_edit() : m.act_refused_seen()}
              </button>
            )}
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

/** Closings of a poll that were refused. */
export function RefusedClosings({ of }: { of: typeof closings.value }) {
  const { busy, error, run } = useTask();
  return (
    <>
      {of
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.poll_close_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => dropPoll(action_id))}>
              {m.act_refused_seen()}
            </button>
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}
