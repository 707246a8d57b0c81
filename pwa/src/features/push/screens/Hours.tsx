import type { TimesOfDay } from "../../../api/wire";
import { m } from "../../../i18n";

/** The server takes no part of a day without a length. */
export const sameHours = ({ from, until }: TimesOfDay): boolean => from === until || !from || !until;

export const HoursFields = ({ hours, onChange }: { hours: TimesOfDay; onChange: (hours: TimesOfDay) => void }) => (
  <div class="pair">
    <label class="field">
      {m.notices_hours_from()}
      <input type="time" value={hours.from} onInput={(event) => onChange({ ...hours, from: event.currentTarget.value })} />
    </label>
    <label class="field">
      {m.notices_hours_until()}
      <input type="time" value={hours.until} onInput={(event) => onChange({ ...hours, until: event.currentTarget.value })} />
    </label>
  </div>
);
