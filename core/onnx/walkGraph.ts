/** Every graph, node and tensor of a model, also those inside of attributes (If, Loop, Constant) and of functions. */
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from './onnxTypes.ts';

export interface ModelParts {
  readonly graphs: readonly GraphProto[];
  readonly nodes: readonly NodeProto[];
  readonly tensors: readonly TensorProto[];
}

export function walkModel(model: ModelProto): ModelParts {
  const graphs: GraphProto[] = [];
  const nodes: NodeProto[] = [];
  const tensors: TensorProto[] = [];

  const addGraph = (graph: GraphProto): void => {
    graphs.push(graph);
    for (const tensor of graph.initializer) tensors.push(tensor);
    for (const { values, indices } of graph.sparseInitializer) tensors.push(...present(values, indices));
    for (const node of graph.node) addNode(node);
  };
  const addNode = (node: NodeProto): void => {
    nodes.push(node);
    for (const attribute of node.attribute) addAttribute(attribute);
  };
  const addAttribute = (a: AttributeProto): void => {
    tensors.push(...present(a.t, a.sparseTensor?.values, a.sparseTensor?.indices));
    for (const tensor of a.tensors) tensors.push(tensor);
    for (const { values, indices } of a.sparseTensors) tensors.push(...present(values, indices));
    for (const graph of [...present(a.g), ...a.graphs]) addGraph(graph);
  };

  if (model.graph) addGraph(model.graph);
  for (const { node } of model.functions) for (const n of node) addNode(n);
  return { graphs, nodes, tensors };
}

function present<T>(...list: (T | undefined)[]): T[] {
  return list.filter((t) => t !== undefined);
}
