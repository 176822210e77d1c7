/** 2 |A ∩ B| / (|A| + |B|) of one label; 1 where neither has it. For tests. */
export function diceOf(mask: ArrayLike<number>, truth: ArrayLike<number>, label: number): number {
  let [both, sum] = [0, 0];
  for (let n = 0; n < truth.length; n++) {
    const a = mask[n] === label;
    const b = truth[n] === label;
    if (a && b) both++;
    sum += Number(a) + Number(b);
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}
