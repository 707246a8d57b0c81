import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { secondsUntil } from "../marks";

/** Shows each second what has become of a time, while `on`. */
export function useClock(on: boolean): void {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!on) return;
    now.value = Date.now();
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  // Who reads it is drawn anew when it changes.
  void now.value;
}

/** Counts down to a moment. */
export function useSecondsUntil(time: string | undefined): number {
  useClock(secondsUntil(time, Date.now()) > 0);
  return secondsUntil(time, Date.now());
}
