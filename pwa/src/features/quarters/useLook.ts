import { useEffect } from "preact/hooks";
import { online, visible } from "../../sync/state";

/** Looks at once and then every so often, as long as somebody sees the screen and there is a network. */
export function useLook(every: number, look: () => Promise<void>, what: unknown = null): void {
  const seen = visible.value && online.value;
  useEffect(() => {
    if (!seen) return;
    const again = () => void look().catch(() => undefined);
    again();
    const timer = setInterval(again, every);
    return () => clearInterval(timer);
  }, [seen, what]);
}
