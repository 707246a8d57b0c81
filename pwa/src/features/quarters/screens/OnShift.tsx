import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { ownShift, shifts, type ShiftTrouble } from "../shifts";

const troubles: Record<ShiftTrouble, () => string> = {
  "no-address": m.trouble_no_address,
  "not-answered": m.trouble_not_answered,
  unheard: m.trouble_unheard,
};

/** A phone that cannot be woken has no alarm to answer. */
export const troubleWords = (list: ShiftTrouble[]): string =>
  list.filter((one) => one !== "not-answered" || !list.includes("no-address")).map((one) => troubles[one]?.() ?? one).join(" ");

/** Whether this officer is out and counts, where the talks are, and from there the way to invite somebody. */
export function OnShift() {
  if (shifts.value === null) return null;
  const own = ownShift.value;
  return (
    <>
      <div role="status">
        <a class={own?.counted ? "talk-row" : "talk-row new"} href="/desk/shift">
          <Icon name={own?.counted ? "check" : "warn"} />
          <span class="talk-row-words">
            <b>{own ? m.shift_on() : m.shift_off()}</b>
            <small>{own ? (own.counted ? m.shift_counted() : troubleWords(own.troubles)) : m.shift_off_text()}</small>
          </span>
          <Icon name="next" />
        </a>
      </div>
      {own && (
        <a class="talk-row" href="/desk/invite">
          <Icon name="send" />
          <span class="talk-row-words">
            <b>{m.invites_title()}</b>
            <small>{m.invites_row()}</small>
          </span>
          <Icon name="next" />
        </a>
      )}
    </>
  );
}
