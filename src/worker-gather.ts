/** A question to several workers. */
export interface Question<Worker, Answer> {
  readonly workers: Iterable<Worker>
  readonly patienceMs: number
  ask(worker: Worker, id: number): void
  /** `complete`: everyone who still lives has answered in time. */
  done(answers: readonly Answer[], complete: boolean): void
}

export interface Gather<Worker, Answer> {
  ask(question: Question<Worker, Answer>): void
  answered(worker: Worker, id: number, answer: Answer): void
  /** A worker that died is waited for no longer. */
  gone(worker: Worker): void
}

/** Asks workers and gathers what they answer; neither a dead nor a stuck one holds the others up. */
export function createGather<Worker, Answer>(): Gather<Worker, Answer> {
  const open = new Map<number, { readonly waiting: Set<Worker>; readonly answers: Answer[]; finish(): void }>()
  let lastId = 0

  return {
    ask: ({ workers, patienceMs, ask, done }) => {
      lastId++
      const id = lastId
      const waiting = new Set(workers)
      const answers: Answer[] = []
      const timer = setTimeout(() => finish(), patienceMs)
      const finish = () => {
        clearTimeout(timer)
        open.delete(id)
        done(answers, waiting.size === 0)
      }
      open.set(id, { waiting, answers, finish })
      for (const worker of waiting) ask(worker, id)
      if (waiting.size === 0) finish()
    },
    answered: (worker, id, answer) => {
      const question = open.get(id)
      if (question === undefined || !question.waiting.delete(worker)) return
      question.answers.push(answer)
      if (question.waiting.size === 0) question.finish()
    },
    gone: (worker) => {
      for (const question of [...open.values()]) {
        if (question.waiting.delete(worker) && question.waiting.size === 0) question.finish()
      }
    },
  }
}
