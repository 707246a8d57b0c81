/** Some of a few, each by a press. */
export function Chips<T extends string>({ all, chosen, name, onChange }: { all: readonly T[]; chosen: readonly T[]; name: (one: T) => string; onChange: (chosen: T[]) => void }) {
  return (
    <div class="chips">
      {all.map((one) => (
        <label class="chip" key={one}>
          <input type="checkbox" checked={chosen.includes(one)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))} />
          {name(one)}
        </label>
      ))}
    </div>
  );
}
