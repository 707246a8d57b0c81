import { useSignal } from "@preact/signals";
import { Trouble } from "../../../design";
import { Chips } from "../../../design/Chips";
import { m } from "../../../i18n";
import { nameIn, useCounties } from "./counties";

/** What the server takes. */
const MOST = 44;

/** Several municipalities, county by county; those of the other counties stay chosen. */
export function Municipalities({ legend, hint, chosen, onChange }: { legend: string; hint: string; chosen: string[]; onChange: (codes: string[]) => void }) {
  const { counties, failed, again } = useCounties();
  const opened = useSignal<string | null>(null);
  if (!counties) return failed ? <Trouble text={m.notices_places_failed()} again={again} /> : null;
  // The county of what was chosen before, so that the choice is seen at once.
  const home = counties.find((one) => one.municipalities.some((place) => chosen.includes(place.code)));
  const county = counties.find((one) => one.code === (opened.value ?? home?.code));
  const codes = county?.municipalities.map((place) => place.code) ?? [];
  return (
    <fieldset>
      <legend>{legend}</legend>
      <p class="hint">{hint}</p>
      <label class="field">
        {m.notices_county()}
        <select value={county?.code ?? ""} onChange={(event) => (opened.value = event.currentTarget.value)}>
          <option value="">–</option>
          {counties.map((one) => (
            <option key={one.code} value={one.code}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {codes.length > 0 && <Chips all={codes} chosen={chosen} most={MOST} name={(code) => nameIn(counties, code)} onChange={onChange} />}
      {chosen.length > 0 && <p class="small">{m.notices_chosen({ list: chosen.map((code) => nameIn(counties, code)).join(", ") })}</p>}
      <div role="status">{chosen.length >= MOST && <p class="small strong">{m.notices_places_most({ most: MOST })}</p>}</div>
    </fieldset>
  );
}
