/** Reads the list at once, and again when what a case that was just left sends to the host has arrived: that changes the list. */
import { workArrived } from '../app/workOnItsWay.ts';
import { useWorklist } from './worklistStore.ts';

/** @returns the way to read it no more, because it is not shown */
export function readStudies(): () => void {
  let isShown = true;
  const { load } = useWorklist.getState();
  void Promise.all([load(), workArrived()]).then(() => {
    if (isShown) return load();
  });
  return () => {
    isShown = false;
  };
}
