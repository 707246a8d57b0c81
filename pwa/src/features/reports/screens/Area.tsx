import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Loading } from "../../../design";
import { m } from "../../../i18n";
import { nameIn, useCounties } from "../../tips/screens/counties";

/** What municipalities are called: by their four digits until the list is here. */
export function useAreas(wanted: boolean): (code: string) => string {
  const { counties } = useCounties(wanted);
  return (code) => nameIn(counties, code);
}

/** The name of a municipality. */
export const AreaName = ({ code }: { code: string }) => <>{useAreas(true)(code)}</>;

export function AreaField({ code, hint, onChoose }: { code: string | undefined; hint: string | undefined; onChoose: (code: string) => void }) {
  const { counties, failed, again } = useCounties();
  const chosen = useSignal<string | null>(null);
  const id = useId();
  if (!counties && failed)
    return (
      <div class="notice care" role="alert">
        <p>{m.tell_area_failed()}</p>
        {code && <p>{m.tell_area_chosen({ code })}</p>}
        <button type="button" class="button plain" onClick={again}>
          {m.retry()}
        </button>
      </div>
    );
  if (!counties) return <Loading />;
  const own = counties.find((county) => county.municipalities.some((place) => place.code === code));
  const county = chosen.value === null ? own : counties.find((one) => one.code === chosen.value);
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="block">
        <label class="field">
          {m.tip_county()}
          <select
            value={county?.code ?? ""}
            aria-describedby={hint && `${id}-hint`}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
              onChoose("");
            }}
          >
            <option value="">–</option>
            {counties.map((one) => (
              <option key={one.code} value={one.code}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {m.tip_place()}
          <select value={code ?? ""} disabled={!county} onChange={(event) => onChoose(event.currentTarget.value)}>
            <option value="">–</option>
            {county?.municipalities.map((place) => (
              <option key={place.code} value={place.code}>
                {place.name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  );
}
