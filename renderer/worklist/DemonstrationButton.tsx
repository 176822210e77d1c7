/** Puts the demonstration study into the vault, as a job in the status line. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';
import { activeJobs, useJobs } from '../app/jobsStore.ts';
import { words } from '../words/index.ts';

export function DemonstrationButton() {
  const running = useJobs((state) => activeJobs(state.jobs).some(({ kind }) => kind === 'demo'));
  return (
    <Button variant="default" disabled={running} onClick={() => void installDemonstration()}>
      {running ? words.worklist.demonstrationRunning : words.worklist.demonstration}
    </Button>
  );
}

/** A failure to start is told as a notice; a failure later is the job's. */
export async function installDemonstration(): Promise<void> {
  try {
    await rpc.demo.install();
  } catch (error) {
    const { message, hint } = errorOf(error);
    const title = words.worklist.demonstrationFailed;
    notifications.show({ role: 'alert', color: 'danger', autoClose: false, title, message: `${message} ${hint}` });
  }
}
