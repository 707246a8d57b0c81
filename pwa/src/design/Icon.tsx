/** One stroke width, one grid of 24: drawn for this app, always beside words. */
const shapes = {
  talk: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5zM8 8.5h8M8 11.5h5",
  tell: "M5 20h14M6 16l.8-3.6L15.5 3.7a1.7 1.7 0 0 1 2.4 0l1.4 1.4a1.7 1.7 0 0 1 0 2.4L10.6 16.2 7 17z",
  tips: "M9 21h6M9.5 18h5M8 14.5A6 6 0 1 1 16 14.5c-.9.8-1.3 1.6-1.4 3.5H9.4C9.3 16.1 8.9 15.3 8 14.5M12 11.5V18",
  more: "M4 7h16M4 12h16M4 17h10",
  send: "M5 12h13M12.5 5.5 19 12l-6.5 6.5",
  back: "M19 12H6M11.5 5.5 5 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  phone: "M6 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2L20 15v3a2 2 0 0 1-2.2 2A15 15 0 0 1 4 6.2 2 2 0 0 1 6 4",
  saved: "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2M11 18h2",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.5l3 1.8",
  check: "M5 12.5 10 17.5 19 7",
  warn: "M12 4 21 19.5H3zM12 10v4M12 16.8v.2",
  copy: "M9 9h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2zM15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h1",
  picture: "M5 5h14v14H5zM5 15.5l4-4 4.5 4.5 2.5-2.5 3 3M15 9.5v.010",
  file: "M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18M10 12.5h5M10 16h5",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
} as const;

export type IconName = keyof typeof shapes;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={shapes[name]} />
  </svg>
);

/** The mark: a porch light in a window. Unlit until someone is there. */
export const Mark = ({ lit = true }: { lit?: boolean }) => (
  <svg class={lit ? "mark lit" : "mark"} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-house" d="M5 29V14a11 11 0 0 1 22 0v15z" />
    <path class="mark-glow" d="M9 29V14.5a7 7 0 0 1 14 0V29z" />
    <path class="mark-bars" d="M16 8v21M9 18h14" />
  </svg>
);
