import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { hasMoved, back } from "../app/router";
import { m } from "../i18n";
import { Icon, type IconName } from "./Icon";

export { Icon, Mark, type IconName } from "./Icon";

/** The heading of a page takes the focus after a step inside the app, so that a screen reader starts where eyes do. */
export function Title({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export const BackButton = ({ up }: { up: string }) => (
  <button type="button" class="icon-button" onClick={() => back(up)} aria-label={m.back()}>
    <Icon name="back" />
  </button>
);

export const Page = ({ title, up, lead, children }: { title: string; up?: string; lead?: string; children: ComponentChildren }) => (
  <main id="main" class="page">
    <div class="page-head">
      {up && <BackButton up={up} />}
      <Title>{title}</Title>
    </div>
    {lead && <p class="lead">{lead}</p>}
    {children}
  </main>
);

export const Loading = () => (
  <p class="loading" role="status">
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
    {m.loading()}
  </p>
);

export const Trouble = ({ text, again, way }: { text: string; again?: () => void; way?: string }) => (
  <div class="notice care" role="alert">
    <p>{text}</p>
    {again && (
      <button type="button" class="button plain" onClick={again}>
        {way ?? m.retry()}
      </button>
    )}
  </div>
);

export const Empty = ({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p class="strong">{title}</p>
    {text && <p>{text}</p>}
    {children}
  </div>
);

/** The number of an officer in a lit window: a person, not a badge. */
export const Lamp = ({ number }: { number: string }) => (
  <span class="lamp" aria-hidden="true">
    {number}
  </span>
);

/** Where a reader starts anew when what held the focus is gone. */
export const focusHeading = (): void => document.querySelector<HTMLElement>("main h1, h1")?.focus();

/** Asks in place before what cannot be undone; the answer takes the focus, so no dialog is needed. */
export function Ask(props: { ask: string; yes: string; onYes: () => unknown; onNo: () => unknown; children?: ComponentChildren }) {
  const first = useRef<HTMLButtonElement>(null);
  const question = useId();
  useEffect(() => {
    first.current?.focus();
  }, []);
  return (
    <div class="notice care" role="group" aria-labelledby={question}>
      <p id={question} class="strong">
        {props.ask}
      </p>
      {props.children}
      <div class="row">
        <button type="button" class="button" onClick={props.onYes}>
          {props.yes}
        </button>
        <button type="button" class="button plain" ref={first} onClick={props.onNo}>
          {m.cancel()}
        </button>
      </div>
    </div>
  );
}

/** A press that asks before it does. The focus comes back to it, or to the heading when the answer took it away. */
export function Confirm(props: { label: string; ask: string; yes: string; onYes: () => unknown; icon?: IconName; name?: string; quiet?: boolean; busy?: boolean; children?: ComponentChildren }) {
  const [asking, ask] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const answered = useRef(false);
  useEffect(() => {
    if (!asking && answered.current) opener.current?.focus();
  }, [asking]);
  useEffect(
    () => () => {
      if (answered.current && opener.current === document.activeElement) focusHeading();
    },
    [],
  );
  const answer = () => {
    answered.current = true;
    ask(false);
  };
  if (asking)
    return (
      <Ask
        ask={props.ask}
        yes={props.yes}
        onYes={() => {
          answer();
          props.onYes();
        }}
        onNo={answer}
      >
        {props.children}
      </Ask>
    );
  return (
    <button
      type="button"
      class={props.quiet ? "button quiet" : "button plain"}
      ref={opener}
      // Not disabled: that would lose the focus.
      aria-disabled={props.busy}
      onClick={() => props.busy || ask(true)}
      aria-label={props.name}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.label}
    </button>
  );
}

/** Reads what a screen shows, now and whenever what it goes by changes. What changes while it is read is read for as well, afterwards. */
export function useLoad(work: () => Promise<unknown>, goesBy: readonly unknown[]): { busy: boolean; error: unknown; load: () => void } {
  const { busy, error, run } = useTask();
  const [latest, asked] = [useRef(work), useRef(0)];
  latest.current = work;
  const load = () => {
    asked.current++;
    // Dropped while one runs, which sees that it was asked again.
    void run(async () => {
      let read: number;
      do {
        read = asked.current;
        await latest.current().catch((failure: unknown) => {
          if (read === asked.current) throw failure;
        });
      } while (read !== asked.current);
    });
  };
  useEffect(load, goesBy);
  return { busy, error, load };
}

/** Runs one thing at a time and keeps what went wrong, so that no press is lost in silence. */
export function useTask(): { busy: boolean; error: unknown; run: (work: () => Promise<unknown>) => Promise<boolean>; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const run = async (work: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (failure) {
      setError(failure ?? "other");
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, error, run, clear: () => setError(null) };
}
