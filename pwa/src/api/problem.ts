import type { ProblemBody } from "./wire";

/** What the server said no with. `kind` is stable and has its words in `i18n/problems.ts`. */
export class Problem extends Error {
  readonly kind: string;
  readonly status: number;
  readonly body: ProblemBody;
  constructor(status: number, body: ProblemBody, readonly retryAfterMs?: number) {
    super(body.kind);
    this.kind = body.kind;
    this.status = status;
    this.body = body;
  }
}

/** No answer of ours came: no network, too slow, or somebody else's page in between. */
export class Unreached extends Error {
  readonly kind = "network";
  constructor(readonly retryAfterMs?: number) {
    super("network");
  }
}
