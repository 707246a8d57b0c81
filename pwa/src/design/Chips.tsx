interface Choice<T> {
  all: readonly T[];
  chosen: readonly T[];
  name: (one: T) => string;
  /** No more than so many. */
  most?: number;
  onChange: (chosen: T[]) => void;
}

/** Some of a few, each by a press. */
export const Chips = <T extends string>({ all, chosen, name, most = Infinity, onChange }: Choice<T>) => (
  <div class="chips">
    {all.map((one) => (
      <label class="chip" key={one}>
        <input
          type="checkbox"
          checked={chosen.includes(one)}
          disabled={chosen.length >= most && !chosen.includes(one)}
          onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))}
        />
        {name(one)}
      </label>
    ))}
  </div>
);
