/** A small subtree of a camt message, by local names; only `Ccy` of the attributes means anything to us. */
export interface CamtNode {
  readonly name: string
  readonly line: number
  readonly currency: string | undefined
  text: string
  readonly children: CamtNode[]
}

/** The first node down a path of local names. */
export function findNode(node: CamtNode, ...path: readonly string[]): CamtNode | undefined {
  let current: CamtNode | undefined = node
  for (const name of path) current = current?.children.find((child) => child.name === name)
  return current
}

/** All children of a name. */
export function listNodes(node: CamtNode | undefined, name: string): CamtNode[] {
  return node?.children.filter((child) => child.name === name) ?? []
}

/** The trimmed text down a path; undefined when it is absent or empty. */
export function findText(node: CamtNode, ...path: readonly string[]): string | undefined {
  return findNode(node, ...path)?.text.trim() || undefined
}
