/**
 * How often a fault (a kill, a lost connection) is tried at its many moments: `usual` times in `npm test`, and `soak`
 * times in `npm run soak`.
 */
export function countFaultRounds(rounds: { readonly usual: number; readonly soak: number }): number {
  return process.env["SOAK"] === "1" ? rounds.soak : rounds.usual
}
