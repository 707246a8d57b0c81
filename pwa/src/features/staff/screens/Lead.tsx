import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, Lamp, Loading, Title, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { age, until } from "../../../i18n/time";
import { homePos, homeKnown } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { HardCases } from "../../care/screens/AtDesk";
import { Badge, soonest, whyWords } from "../../chat/screens/Urgency";
import { LiveLine } from "../../chat/screens/LiveLine";
import { conversations, type Conversation } from "../../chat/queries";
import { RedCards } from "../../handovers/screens/RedCards";
import { useFresh } from "../../handovers/queries";
import { me } from "../../identity/queries";
import { Incidents, PartWords } from "../../incidents/screens/AtDesk";
import { RunningMutes } from "../../mutes/screens/AtDesk";
import { lookAtOpening } from "../../quarters/actions";
import { readHours, type OpeningHours } from "../../quarters/hours";
import { Now } from "../../quarters/screens/Hours";
import { troubleWords } from "../../quarters/screens/OnShift";
import { lookAtShifts, shifts, type Shift } from "../../quarters/shifts";
import { readStaff, type StaffMember } from "../actions";
import { TakeOut } from "./TakeOut";

const SOON_MS = 1_500;

/** Grows soon after the desk has been told of something, and not with every message of a busy night. */
function useTold(): number {
  const told = useSignal(homePos.peek());
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (homePos.value === told.peek()) return;
    soon.current ??= setTimeout(() => {
      soon.current = undefined;
      told.value = homePos.peek();
    }, SOON_MS);
  }, [homePos.value]);
  useEffect(() => () => clearTimeout(soon.current), []);
  return told.value;
}

/** All that a lead has to see on a busy night, on one screen. */
export function Lead() {
  return (
    <main id="main" class="page">
      <div class="page-head spread">
        <Title>{m.lead_title()}</Title>
        <LiveLine />
      </div>
      {me.value?.role === "lead" ? <Board /> : <p class="notice">{m.leads_only()}</p>}
    </main>
  );
}

function Board() {
  const told = useTold();
  const hours = useSignal<OpeningHours | null>(null);
  const { error, run } = useTask();
  const { now: staff, again } = useFresh(readStaff, `${told}`);
  useEffect(() => {
    void run(async () => {
      const asked = [lookAtShifts(), lookAtOpening(), readHours().then((found) => void (hours.value = found))];
      await Promise.all(asked);
    });
  }, [told, online.value]);
  const open = conversations.value.filter((talk) => talk.state !== "closed").sort(soonest);
  const urgent = open.filter((talk) => talk.priority !== undefined && talk.priority !== "p4");
  if (!homeKnown.value) return online.value ? <Loading /> : <p class="notice care">{m.desk_unknown()}</p>;
  return (
    <>
      <Figures open={open} />
      <RedCards />
      <section class="block">
        <h2>{m.desk_count({ title: m.lead_urgent(), count: urgent.length })}</h2>
        {urgent.length === 0 ? (
          <p class="small">{m.lead_urgent_none()}</p>
        ) : (
          <ul class="rows">
            {urgent.map((talk) => (
              <Row key={talk.conversation_id} talk={talk} />
            ))}
          </ul>
        )}
      </section>
      <Incidents />
      <Now hours={hours} />
      <Failed error={error} />
      <Out members={staff?.items ?? []} open={open} again={again} />
      <RunningMutes told={told} />
      <HardCases />
      <ul class="menu">
        <li>
          <a href="/desk/staff">
            {m.staff_title()}
            <Icon name="next" />
          </a>
        </li>
        <li>
          <a href="/desk/investigators">
            {m.investigators_title()}
            <Icon name="next" />
          </a>
        </li>
        <li>
          <a href="/desk/hours">
            {m.hours_title()}
            <Icon name="next" />
          </a>
        </li>
      </ul>
    </>
  );
}

function Figures({ open }: { open: Conversation[] }) {
  const waiting = open.filter((talk) => talk.state === "waiting");
  const oldest = waiting.map((talk) => talk.waiting_since).sort()[0];
  const out = shifts.value ?? [];
  return (
    <dl class="figures">
      <div>
        <dt>{m.desk_waiting()}</dt>
        <dd>{waiting.length}</dd>
        {oldest !== undefined && <dd class="small">{m.lead_oldest({ age: age(oldest) })}</dd>}
      </div>
      <div>
        <dt>{m.lead_going()}</dt>
        <dd>{open.length - waiting.length}</dd>
      </div>
      <div>
        <dt>{m.lead_there()}</dt>
        <dd>{shifts.value === null ? "–" : out.filter((shift) => shift.counted).length}</dd>
        {out.some((shift) => !shift.counted) && <dd class="small">{m.lead_not_there({ count: out.filter((shift) => !shift.counted).length })}</dd>}
      </div>
    </dl>
  );
}

function Row({ talk }: { talk: Conversation }) {
  const waiting = talk.state === "waiting";
  return (
    <li>
      <a class={waiting ? "talk-row new" : "talk-row"} href={`/desk/talk/${talk.conversation_id}`}>
        <span class="talk-row-words">
          <b class="waited">
            <Badge priority={talk.priority} />
            {age(talk.waiting_since)} · {talk.holder === undefined ? m.lead_nobody() : m.officer({ number: talk.holder })}
          </b>
          <small class="two-lines">
            {talk.unread_danger && `${m.lead_unread()} · `}
            {whyWords(talk)}
          </small>
          <PartWords talk={talk} />
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

/** Who is out, whether the phone wakes, what each has, and the way to take somebody out who is ill. */
function Out({ members, open, again }: { members: StaffMember[]; open: Conversation[]; again: () => void }) {
  const out = members.filter((member) => member.on_shift);
  const said = useSignal("");
  const done = (what: string) => {
    said.value = what;
    again();
    void lookAtShifts().catch(() => undefined);
  };
  return (
    <section class="block">
      <h2>{m.desk_count({ title: m.shift_out(), count: shifts.value?.length ?? 0 })}</h2>
      <p class="small" role="status">
        {said.value}
      </p>
      {shifts.value?.length === 0 ? (
        <p class="small">{m.shift_none_out()}</p>
      ) : (
        <ul class="rows">
          {shifts.value?.map((shift) => {
            const member = out.find((one) => one.public_number === shift.public_number);
            return (
              <li key={shift.shift_id}>
                <Person shift={shift} held={open.filter((talk) => talk.holder === shift.public_number).length}>
                  {member && !member.mine && <TakeOut member={member} hows={["relieve", "sign-out"]} colleagues={out.filter((one) => one !== member)} done={done} />}
                </Person>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Person({ shift, held, children }: { shift: Shift; held: number; children: ComponentChildren }) {
  const seen = useSignal(false);
  const number = shift.public_number ?? "";
  const row = (
    <>
      <Lamp number={number} />
      <span class="talk-row-words">
        <b>{m.officer({ number })}</b>
        <small>
          {shift.counted ? m.lead_wakes() : troubleWords(shift.troubles)} {m.lead_has({ count: held })} {m.lead_until({ when: until(shift.ends_at) })}
        </small>
      </span>
    </>
  );
  const look = shift.counted ? "talk-row" : "talk-row new";
  if (shift.mine) return <div class={look}>{row}</div>;
  return (
    <details class="person" onToggle={(event) => (seen.value = event.currentTarget.open)}>
      <summary class={look}>{row}</summary>
      {seen.value && children}
    </details>
  );
}
