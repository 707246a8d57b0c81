import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Confirm, Icon, Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { clock } from "../../../i18n/time";
import { ownShift, shifts, type Quarter } from "../../quarters/shifts";
import { useLook } from "../../quarters/useLook";
import { youthsHome } from "../home";
import { endInvite, forgetInvite, invites, lastInvite, makeInvite, type OwnInvite, type RoomInvite } from "../invites";
import { linkTo } from "../link";
import { CopyLink } from "./CopyLink";
import { walked } from "../../quarters/shifts";
import { quarterWords, useQuarters, WhichQuarter } from "./WhichQuarter";

const LOOK_MS = 5_000;

const states: Record<RoomInvite["state"], () => string> = {
  open: m.invite_open,
  claimed: m.invite_claimed,
  closed: m.invite_closed,
  late: m.invite_late,
};

/** From a quarter into a talk with whoever is out: a link for one youth, and a word to be said in another way. */
export function Invites() {
  const { list, waiting } = useQuarters();
  const chosen = useSignal("");
  const own = useSignal<OwnInvite | null>(null);
  const all = useSignal<RoomInvite[]>([]);
  const { busy, error, run } = useTask();
  useEffect(() => {
    void run(async () => (own.value = await lastInvite()));
  }, []);
  useLook(LOOK_MS, async () => void (all.value = await invites()), own.value?.invite_id);
  useEffect(() => {
    // The quarter that is walked stands first, and is meant unless another is chosen.
    chosen.value ||= walked(list.value ?? [])[0]?.quarter_id ?? "";
  }, [list.value]);
  const made = own.value && { ...own.value, ...all.value.find((one) => one.invite_id === own.value?.invite_id) };
  const end = (id: string) => void run(async () => (await endInvite(id), (all.value = await invites())));
  const others = all.value.filter((one) => one.invite_id !== made?.invite_id);
  return (
    <Page title={m.invites_title()} up="/desk" lead={m.invites_lead()}>
      {list.value === null ? (
        waiting
      ) : made ? (
        <>
          <Made invite={made} where={quarterWords(list.value, made.quarter_id)} end={() => end(made.invite_id)} busy={busy} />
          {made.state !== "open" && (
            <button type="button" class="button wide" onClick={() => void run(async () => (await forgetInvite(), (own.value = null)))}>
              {m.invite_another()}
            </button>
          )}
        </>
      ) : walked(list.value).length === 0 ? (
        <p class="notice">{m.quarter_none()}</p>
      ) : shifts.value === null ? (
        <Loading />
      ) : ownShift.value === null ? (
        <div class="notice care">
          <p>{m.problem_shift_needed()}</p>
          <a class="button plain" href="/desk/shift">
            {m.shift_title()}
          </a>
        </div>
      ) : (
        <section class="card">
          <WhichQuarter list={walked(list.value)} chosen={chosen} />
          <button type="button" class="button wide" disabled={busy || chosen.value === ""} onClick={() => void run(async () => (own.value = await makeInvite(chosen.value)))}>
            {m.invite_make()}
          </button>
        </section>
      )}
      <Failed error={error} />
      {others.length > 0 && <Others list={others} quarters={list.value ?? []} end={end} busy={busy} />}
      <a class="button quiet" href="/desk/posters">
        {m.posters_title()}
      </a>
    </Page>
  );
}

function Made({ invite, where, end, busy }: { invite: OwnInvite; where: string; end: () => void; busy: boolean }) {
  return (
    <section class="card" aria-label={m.invite_made()}>
      <p class="strong">{where}</p>
      {invite.state === "open" && (
        <>
          <p>{m.invite_word()}</p>
          <p class="said-word">{invite.word}</p>
          <CopyLink link={linkTo(youthsHome(), invite.secret)} label={m.invite_link()} share />
        </>
      )}
      <p role="status" class={invite.state === "claimed" ? "notice good" : "notice"}>
        {states[invite.state]()}
        {invite.state === "open" && invite.wrong_words > 0 && ` ${m.invite_wrong({ count: invite.wrong_words })}`}
      </p>
      {invite.state === "open" ? (
        <div class="row">
          <Left until={Date.parse(invite.expires_at)} />
          <Confirm label={m.invite_end()} ask={m.invite_end_sure()} yes={m.invite_end()} onYes={end} busy={busy} quiet />
        </div>
      ) : (
        invite.conversation_id !== undefined && (
          <a class="button wide" href={`/desk/talk/${invite.conversation_id}`}>
            {m.invite_to_talk()}
          </a>
        )
      )}
    </section>
  );
}

/** Counted down by this phone's clock; that it is over the server says. */
function Left({ until }: { until: number }) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.min(15 * 60, Math.max(0, Math.round((until - now.value) / 1000)));
  return (
    <p role="timer">
      <Icon name="clock" /> {m.invite_left({ time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` })}
    </p>
  );
}

const Others = ({ list, quarters, end, busy }: { list: RoomInvite[]; quarters: Quarter[]; end: (id: string) => void; busy: boolean }) => (
  <section class="block">
    <h2>{m.invites_today()}</h2>
    <ul class="rows">
      {list.map((invite) => (
        <li key={invite.invite_id} class="talk-row">
          <span class="talk-row-words">
            <b>{quarterWords(quarters, invite.quarter_id)}</b>
            <small>
              {clock(invite.made_at)} · {states[invite.state]()}
            </small>
            {invite.conversation_id !== undefined && <a href={`/desk/talk/${invite.conversation_id}`}>{m.invite_to_talk()}</a>}
            {invite.state === "open" && (
              <Confirm label={m.invite_end()} name={m.invite_end_named({ when: clock(invite.made_at) })} ask={m.invite_end_sure()} yes={m.invite_end()} onYes={() => end(invite.invite_id)} busy={busy} quiet />
            )}
          </span>
        </li>
      ))}
    </ul>
  </section>
);
