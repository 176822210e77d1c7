/** How far points lie from the smooth surface z = a + bx + cy + dx² + ey² + fxy that fits them best (least squares). */

const TERMS = 6;

/** @param points x, y about −0.5 … 0.5; z in any unit @returns mean |deviation| in z's unit; 0 for fewer points than the surface has freedom */
export function quadricDeviation(points: readonly (readonly [number, number, number])[]): number {
  if (points.length <= TERMS) return 0;
  // Normal equations, with the right-hand side as the last column.
  const rows = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 1));
  for (const [x, y, z] of points) {
    const terms = termsAt(x, y);
    for (let r = 0; r < TERMS; r++) {
      for (let c = 0; c < TERMS; c++) rows[r]![c]! += terms[r]! * terms[c]!;
      rows[r]![TERMS]! += terms[r]! * z;
    }
  }
  // Gauss–Jordan; the matrix is positive semidefinite, and a tiny diagonal makes it regular.
  for (let r = 0; r < TERMS; r++) {
    rows[r]![r]! += 1e-9 * points.length;
    for (let other = 0; other < TERMS; other++) {
      if (other === r) continue;
      const factor = rows[other]![r]! / rows[r]![r]!;
      for (let c = r; c <= TERMS; c++) rows[other]![c]! -= factor * rows[r]![c]!;
    }
  }
  const fitted = rows.map((row, r) => row[TERMS]! / row[r]!);
  let sum = 0;
  for (const [x, y, z] of points) {
    sum += Math.abs(z - termsAt(x, y).reduce((total, term, n) => total + term * fitted[n]!, 0));
  }
  return sum / points.length;
}

function termsAt(x: number, y: number): readonly number[] {
  return [1, x, y, x * x, y * y, x * y];
}
