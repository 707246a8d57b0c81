/** What stands before the word for a film; drawn as the other icons are. */
export const Play = () => (
  <svg class="icon icon-play" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M8 5.5v13l11-6.5z" />
  </svg>
);
