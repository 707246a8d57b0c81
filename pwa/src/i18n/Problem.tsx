import { signal } from "@preact/signals";
import { m } from ".";

type Texts = typeof import("./problems");
const texts = signal<Texts | null>(null);

/** The reasons are many and rarely needed: they come as a part of their own when the first is shown. */
function load(): void {
  import("./problems").then(
    (loaded) => {
      texts.value = loaded;
    },
    () => undefined,
  );
}

export function problemText(kind: string | null | undefined): string {
  if (!texts.value) {
    load();
    return m.problem_other();
  }
  return texts.value.textOf(kind);
}

export const Problem = ({ kind }: { kind: string | null | undefined }) => <>{problemText(kind)}</>;

/** What a thrown thing says of itself: a problem's kind, or nothing that we know. */
export function kindOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "kind" in error && typeof error.kind === "string") return error.kind;
  return error instanceof TypeError ? "network" : "other";
}

/** Under what somebody pressed: why it did not work. */
export const Failed = ({ error }: { error: unknown }) =>
  error === null ? null : (
    <p class="notice care" role="alert">
      <Problem kind={kindOf(error)} />
    </p>
  );
