import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Loading, Page, useTask } from "../../../design";
import { Chips } from "../../../design/Chips";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { pageCore } from "../../../sync/mirror";
import { newId } from "../../../sync/outbox";
import { halfForm, keepForm } from "../../chat/halfForm";
import { words, write } from "../../chat/halfWritten";
import { me } from "../../identity/queries";
import { saw } from "../../quarters/first";
import type { ReplyFit } from "../../../api/wire";
import { loadReplies, putReply, replies, type CannedReply, type PutReply } from "../queries";
import { Level } from "./Level";

const fits: Record<ReplyFit, () => string> = {
  first: m.reply_fit_first,
  p1: m.priority_1,
  p2: m.priority_2,
  p3: m.priority_3,
  p4: m.priority_4,
  "self-harm": m.reply_fit_self_harm,
};

const PLACE = "reply/";

/** The one that is half changed: it is open again after a reload. */
const begun = (): string | null => Object.keys(words.value).find((place) => place.startsWith(PLACE))?.slice(PLACE.length) ?? null;

/** The texts that officers have at hand. A lead changes them; all see them. */
export function EditReplies() {
  const { error, run } = useTask();
  const load = () => void run(loadReplies);
  useEffect(load, []);
  const list = replies.value;
  const read = list !== null;
  useEffect(() => {
    if (read) void saw({ replies: true }).catch(() => undefined);
  }, [read]);
  const lead = me.value?.role === "lead";
  const edited = useSignal<string | null>(null);
  const add = async () => {
    const core = await pageCore();
    edited.value = newId(core);
  };
  const open = edited.value ?? begun();
  const isNew = open !== null && !list?.some((reply) => reply.reply_id === open);
  return (
    <Page title={m.replies_title()} up="/desk/me" lead={lead ? m.replies_lead() : m.replies_read_only()}>
      {list === null ? (
        error === null ? <Loading /> : <NotFetched error={error} again={load} />
      ) : (
        <>
          <ul class="rows">
            {list.map((reply) => (
              <li key={reply.reply_id}>
                {open === reply.reply_id ? (
                  <One id={reply.reply_id} reply={reply} edited={edited} />
                ) : (
                  <div class="card">
                    <h2>{reply.name}</h2>
                    {reply.ended ? <p class="small">{m.reply_ended()}</p> : <p>{reply.sv}</p>}
                    {lead && (
                      <button type="button" class="button plain" aria-label={m.reply_change_named({ name: reply.name })} onClick={() => (edited.value = reply.reply_id)}>
                        {m.reply_change()}
                      </button>
                    )}
                  </div>
                )}
              </li>
            ))}
          </ul>
          {isNew && <One id={open} edited={edited} />}
          {lead && open === null && (
            <button type="button" class="button" onClick={() => void add()}>
              {m.reply_add()}
            </button>
          )}
        </>
      )}
    </Page>
  );
}

function One({ id, reply, edited }: { id: string; reply?: CannedReply; edited: Signal<string | null> }) {
  const { busy, error, run } = useTask();
  const place = PLACE + id;
  const now = halfForm<PutReply>(place) ?? {
    expected_revision: reply?.revision ?? 0,
    name: reply?.name ?? "",
    fits: reply?.fits ?? [],
    sv: reply?.sv ?? "",
    en: reply?.en ?? "",
    easy: reply?.easy ?? "",
    ended: reply?.ended ?? false,
  };
  const set = (part: Partial<PutReply>) => keepForm(place, { ...now, ...part });
  const done = () => {
    write(place, "");
    edited.value = null;
  };
  const texts = [
    ["sv", m.reply_sv()],
    ["easy", m.reply_easy()],
    ["en", m.reply_en()],
  ] as const;
  const whole = [now.name, now.sv, now.en, now.easy].every((text) => text.trim() !== "");
  const save = async () => {
    if (await run(() => putReply(id, now))) done();
  };
  return (
    <form
      class="card"
      aria-label={now.name || m.reply_add()}
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void save();
      }}
    >
      <label class="field">
        {m.reply_name()}
        <input type="text" maxLength={40} autocomplete="off" value={now.name} onInput={(event) => set({ name: event.currentTarget.value })} />
      </label>
      <p class="small">{m.reply_fields()}</p>
      {texts.map(([field, name]) => (
        <div key={field}>
          <label class="field">
            {name}
            <textarea rows={3} maxLength={1000} autocomplete="off" lang={field === "en" ? "en" : "sv"} value={now[field]} onInput={(event) => set({ [field]: event.currentTarget.value })} />
          </label>
          {field !== "en" && <Level text={now[field]} />}
        </div>
      ))}
      <fieldset>
        <legend>{m.reply_fits()}</legend>
        <Chips all={Object.keys(fits) as ReplyFit[]} chosen={now.fits} name={(fit) => fits[fit]()} onChange={(fits) => set({ fits })} />
      </fieldset>
      <label class="choice">
        <input type="checkbox" checked={now.ended} onChange={(event) => set({ ended: event.currentTarget.checked })} />
        {m.reply_end()}
      </label>
      <div class="row">
        <button type="submit" class="button" disabled={busy || !whole}>
          {m.reply_save()}
        </button>
        <button type="button" class="button plain" onClick={done}>
          {m.cancel()}
        </button>
      </div>
      <Failed error={error} />
    </form>
  );
}
