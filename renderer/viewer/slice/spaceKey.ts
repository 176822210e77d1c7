/** Whether the space bar is held: then every tool pans. */
let held = false;

export function isSpaceHeld(): boolean {
  return held;
}

/** @returns the way to stop listening */
export function watchSpaceKey(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== 'Space' || isTextEntry(event.target)) return;
      held = true;
      // A focused button would be pressed when space comes up.
      if (event.target instanceof HTMLElement && event.target.closest('[data-view]')) event.preventDefault();
    },
    { signal },
  );
  window.addEventListener('keyup', (event) => event.code === 'Space' && release(), { signal });
  window.addEventListener('blur', release, { signal });
  return () => {
    stop.abort();
    release();
  };
}

function release(): void {
  held = false;
}

/** @returns whether keys go into a field there */
export function isTextEntry(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=range]):not([type=checkbox]), textarea, select');
}
