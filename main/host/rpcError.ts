/** Every failure of a procedure as the contract's typed error LANTERN, without a stack, a path or a value. */
import { ORPCError } from '@orpc/server';
import { LanternError } from '#core/errors/lanternError.ts';
import { asLanternError } from '../jobs/jobs.ts';
import type { FaultLog } from './faultLog.ts';

/** @param procedure its path, for the fault log */
export async function rpcError(
  error: unknown,
  faults: FaultLog,
  procedure: string,
): Promise<ORPCError<string, unknown>> {
  const told = error instanceof ORPCError && error.code === 'BAD_REQUEST' ? badRequest(error) : asLanternError(error);
  await faults.record(error instanceof ORPCError && told.code === 'job/unexpected' ? error.cause : error, procedure);
  const { code, message, hint } = told;
  return new ORPCError('LANTERN', { status: 422, message, data: { code, message, hint }, defined: true });
}

/** What the schemas refused: names the field and the rule, never the value that was sent. */
function badRequest(error: ORPCError<string, unknown>): LanternError {
  const fields = issuesOf(error.data).map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  return new LanternError(
    'argument/invalid',
    `Lantern did not understand this call${fields.length > 0 ? ` (${fields.slice(0, 3).join('; ')})` : ''}.`,
    'Correct the value that is named and try again.',
    { cause: error },
  );
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issuesOf(data: unknown): Issue[] {
  const issues = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : [];
  return Array.isArray(issues)
    ? issues.map((issue: Partial<Issue>) => ({ path: issue.path ?? [], message: String(issue.message ?? '') }))
    : [];
}
