import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/**
 * Hands the memory that only starting needed back to the system: compiling modules and routes leaves a third of the
 * heap as garbage and the space for new objects at its largest, and V8 lets go of either only after most of a minute
 * without work. Nothing else runs for some 70 ms, so it is called once, soon after the start.
 *
 * An ordinary collection keeps the space for new objects; the last resort shrinks it.
 */
export function returnStartGarbage(): void {
  setFlagsFromString("--expose-gc")
  const collect: NodeJS.GCFunction = runInNewContext("gc")
  collect({ type: "major", execution: "sync", flavor: "last-resort" })
  setFlagsFromString("--no-expose-gc")
}
