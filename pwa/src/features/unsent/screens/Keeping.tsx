import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { m } from "../../../i18n";
import { keep, kept } from "../../../sync/core";
import { draftRows, outbox, pageCore, self, storage } from "../../../sync/mirror";
import { daysLeft, empties, thisBrowser } from "../keeping";

/** How long what is not sent stays, where a browser empties pages that nobody uses: counted from the last press or letter. */
export function Keeping() {
  const days = useSignal<number | null>(null);
  useEffect(() => {
    if (!empties(thisBrowser())) return;
    let said = 0;
    const used = async () => {
      const core = await pageCore();
      const now = core.now();
      days.value = daysLeft(now, now);
      // Not with each letter.
      if (Math.abs(now - said) < 60_000) return;
      said = now;
      await keep(core, "used_at", now);
    };
    const touched = () => void used().catch(() => undefined);
    const look = async () => {
      const core = await pageCore();
      const written = [...outbox.peek().map((row) => row.recorded_at), ...draftRows.peek().map((draft) => draft.saved_at)];
      // Writing was a use as well.
      const last = Math.max((await kept(core, "used_at")) ?? 0, ...written.map((at) => Date.parse(at)));
      days.value = daysLeft(last || core.now(), core.now());
    };
    void look().catch(() => undefined);
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched);
    return () => {
      for (const name of ["pointerdown", "keydown"]) removeEventListener(name, touched);
    };
  }, []);
  if (days.value === null) return null;
  return (
    <details class="bar memory">
      <summary>{days.value > 1 ? m.keeping_days({ days: days.value }) : days.value === 1 ? m.keeping_day() : m.keeping_over()}</summary>
      <p>{m.keeping_why()}</p>
      {/* An officer has no code to save first. */}
      <p>{m.keeping_install({ how: (self.value?.role ?? "youth") === "youth" ? m.notices_state_install() : m.first_install_how() })}</p>
      <a href="/unsent">{m.unsent_open()}</a>
    </details>
  );
}

/** Other browsers throw things away when the phone runs full, unless they have said that they will not. */
export function Unsure() {
  const unsure = useSignal(false);
  useEffect(() => {
    if (storage.peek() !== "ok" || empties(thisBrowser())) return;
    void navigator.storage?.persisted?.().then(
      (sure) => (unsure.value = !sure),
      () => undefined,
    );
  }, []);
  return unsure.value ? <p class="notice care">{m.keeping_unsure()}</p> : null;
}
