/** The model packs and what they can run on, asked anew each time the page is opened. */
import { useCallback, useEffect, useState } from 'react';
import type { ModelSummary } from '#contract/schemas/model.ts';
import type { ProviderStatus } from '#contract/schemas/provider.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';

export interface Models {
  readonly models: readonly ModelSummary[];
  readonly providers: readonly ProviderStatus[];
}

export function useModels(): { found: Models | null; error: LanternError | null; retry: () => void } {
  const [found, setFound] = useState<Models | null>(null);
  const [error, setError] = useState<LanternError | null>(null);
  const ask = useCallback(async (signal?: AbortSignal) => {
    setError(null);
    try {
      const options = signal ? { signal } : {};
      const [{ models }, { providers }] = await Promise.all([
        rpc.models.list(undefined, options),
        rpc.models.providers(undefined, options),
      ]);
      setFound({ models, providers });
    } catch (failure) {
      if (!isAbort(failure)) setError(errorOf(failure));
    }
  }, []);
  useEffect(() => {
    const controller = new AbortController();
    void ask(controller.signal);
    return () => controller.abort();
  }, [ask]);
  return { found, error, retry: () => void ask() };
}
