/** The connected parts of a surface: every solid's outside and every cavity is one. */

export interface SurfaceParts {
  readonly count: number;
  /** Part of each vertex, 0 … count - 1. */
  readonly partOf: Uint32Array;
}

export function surfaceParts(vertices: number, triangles: Uint32Array): SurfaceParts {
  const parent = new Uint32Array(vertices);
  for (let v = 0; v < vertices; v++) parent[v] = v;
  const root = (vertex: number): number => {
    let v = vertex;
    while (parent[v] !== v) {
      parent[v] = parent[parent[v]!]!;
      v = parent[v]!;
    }
    return v;
  };
  const join = (a: number, b: number) => {
    const [p, q] = [root(a), root(b)];
    if (p < q) parent[q] = p;
    else parent[p] = q;
  };
  for (let at = 0; at < triangles.length; at += 3) {
    join(triangles[at]!, triangles[at + 1]!);
    join(triangles[at]!, triangles[at + 2]!);
  }
  const partOf = new Uint32Array(vertices);
  let count = 0;
  // A root is the lowest of its part, so it is numbered before any other of it asks.
  for (let v = 0; v < vertices; v++) partOf[v] = parent[v] === v ? count++ : partOf[root(v)]!;
  return { count, partOf };
}
