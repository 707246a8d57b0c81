import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Handover, Location, RedHandover } from "../../api/wire";
import { outbox, pageCore } from "../../sync/mirror";
import type { OutboxRow } from "../../sync/rows";
import { api } from "../../sync/session";
import { useLook } from "../quarters/useLook";

const LOOK_MS = 20_000;
const PATH = "/api/v1/handovers";

/** A place with when it was so, by this phone's clock. */
export interface Place extends Location {
  since?: number;
}

const list = async <T>(path: string): Promise<T[]> => (await api<{ items: T[] }>(await pageCore(), PATH + path)).items;

export const cardsOf = (id: string): Promise<Handover[]> => list(`/conversations/${id}/cards`);
export const redCards = (): Promise<RedHandover[]> => list("/cards");

export async function placesOf(id: string): Promise<Place[]> {
  const places = await list<Location>(`/conversations/${id}/locations`);
  const now = (await pageCore()).now();
  return places.map((place) => (place.age_seconds === undefined ? place : { ...place, since: now - place.age_seconds * 1000 }));
}

/** What the server says: asked at once, again whenever `what` changes, and every so often. */
export function useFresh<T>(fetch: () => Promise<T>, what?: string): { now: T | null; fresh: boolean; error: unknown; again: () => void } {
  const now = useSignal<T | null>(null);
  const of = useSignal<string | undefined>(undefined);
  const error = useSignal<unknown>(null);
  const turn = useRef(0);
  const look = async () => {
    const own = ++turn.current;
    try {
      const found = await fetch();
      // An older question that is answered later tells nothing new.
      if (own === turn.current) [now.value, of.value, error.value] = [found, what, null];
    } catch (failure) {
      if (own === turn.current) error.value = failure ?? "other";
    }
  };
  useLook(LOOK_MS, look, what);
  return { now: now.value, fresh: now.value !== null && of.value === what, error: error.value, again: () => void look() };
}

/** Of this kind and talk: what waits on this phone, or what was refused. */
export const acts = (id: string, kind: string, refused = false): OutboxRow[] =>
  outbox.value.filter((row) => row.lane === `conversation:${id}` && row.kind === kind && (row.state === "attention") === refused);
