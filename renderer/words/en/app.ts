/** English: the app. */
export const app = {
  name: 'Lantern',
  retry: 'Try again',
  dismiss: 'Dismiss',
  errors: {
    unexpected: {
      code: 'shell/unexpected',
      message: 'Something went wrong in this window.',
      hint: 'Try again; if it happens again, reload the window. Saved work is on disk.',
    },
    notAllowed: {
      code: 'shell/not-allowed',
      message: 'This window may not talk to Lantern any more.',
      hint: 'Close it and start Lantern again.',
    },
    notFound: {
      code: 'shell/not-found',
      message: 'Lantern does not have this any more.',
      hint: 'Go back to the worklist and open the study again.',
    },
    hostLost: {
      code: 'shell/host-lost',
      message: "Lantern's program has stopped.",
      hint: 'Start Lantern again; everything that was marked as saved is on disk.',
    },
  },
} as const;
