import assert from "node:assert/strict"
import { suite, test } from "node:test"
import fc from "fast-check"
import { type Instant, instantAfter } from "../../src/clock.ts"
import { type EndedAttempt, isRetryExpired, type NextStep, nextStep } from "../../src/webhooks/retry-schedule.ts"
import { makeFakeClock } from "../support/clock.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const createdAt = Date.parse("2026-03-01T00:00:00Z") as Instant
const usual = { retryNon2xx: true, retryWrongBody: false, longTail: false }
const delivered: NextStep = { kind: "finished", state: "delivered", reason: undefined }

/** A first attempt that failed a second after its delivery was created. */
function attempt(changes: Partial<EndedAttempt> = {}): EndedAttempt {
  return {
    class: "http_error",
    kind: "auto",
    webhook: usual,
    retryIndex: 0,
    interruptions: 0,
    createdAt,
    endedAt: instantAfter(createdAt, 1000),
    httpStatus: 500,
    random: () => 1,
    ...changes,
  }
}

function failed(reason: string): unknown {
  return { kind: "finished", state: "failed", reason }
}

/** When every attempt of a delivery starts, if each one takes so long and fails, and how it ends. */
function simulate(changes: Partial<EndedAttempt>, durationMs = 1234): { startsMs: number[]; end: NextStep } {
  const clock = makeFakeClock(createdAt)
  let [retryIndex, interruptions] = [0, 0]
  for (const startsMs: number[] = []; ; ) {
    startsMs.push(clock.now() - createdAt)
    clock.advance({ milliseconds: durationMs })
    const step = nextStep(attempt({ retryIndex, interruptions, endedAt: clock.now(), ...changes }))
    if (step.kind === "finished") return { startsMs, end: step }
    ;({ retryIndex, interruptions } = step)
    clock.set(step.dueAt)
  }
}

suite("the retries of a delivery (contract/webhooks.md §5)", () => {
  test("make eight attempts, 1, 1, 2, 3, 5, 8 and 13 minutes after the end of the one before", () => {
    const { startsMs, end } = simulate({})
    const waits = [1, 1, 2, 3, 5, 8, 13]
    const expected = [0]
    for (const minutes of waits) expected.push((expected.at(-1) ?? 0) + 1234 + minutes * MINUTE)
    assert.deepEqual(startsMs, expected)
    assert.equal(expected.at(-1), 33 * MINUTE + 7 * 1234)
    assert.deepEqual(end, failed("exhausted"))
  })

  test("stop when an attempt is delivered", () => {
    for (const retryIndex of [0, 3, 7]) assert.deepEqual(nextStep(attempt({ class: "ok", retryIndex })), delivered)
  })

  test("go on from the end of a first attempt that an outage delayed for hours, up to five", () => {
    const endedAt = instantAfter(createdAt, 4 * HOUR)
    assert.deepEqual(nextStep(attempt({ endedAt })), {
      ...{ kind: "retry", dueAt: instantAfter(endedAt, MINUTE), retryIndex: 1, interruptions: 0 },
    })
  })

  for (const attemptClass of [
    ...(["http_error", "timeout", "dns", "connect", "tls", "tls_name", "tls_ca"] as const),
    ...(["send", "receive", "oauth_token"] as const),
  ]) {
    test(`follow ${attemptClass}, unless the webhook wants none`, () => {
      assert.equal(nextStep(attempt({ class: attemptClass })).kind, "retry")
      const off = { ...usual, retryNon2xx: false }
      assert.deepEqual(nextStep(attempt({ class: attemptClass, webhook: off })), failed("retry_off"))
    })
  }

  for (const [retryWrongBody, retryNon2xx, reason] of [
    [false, true, "wrong_body"],
    [false, false, "wrong_body"],
    [true, false, "retry_off"],
    [true, true, undefined],
  ] as const) {
    test(`retry_wrong_body ${retryWrongBody} with retries ${retryNon2xx ? "on" : "off"}: ${reason ?? "retried"}`, () => {
      const step = nextStep(attempt({ class: "wrong_body", webhook: { ...usual, retryNon2xx, retryWrongBody } }))
      if (reason === undefined) assert.equal(step.kind, "retry")
      else assert.deepEqual(step, failed(reason))
    })
  }

  for (const reason of ["gone", "blocked"] as const) {
    test(`never follow ${reason}, whatever the webhook wants and whatever the kind`, () => {
      const webhook = { retryNon2xx: true, retryWrongBody: true, longTail: true }
      for (const kind of ["auto", "replay", "test"] as const) {
        assert.deepEqual(nextStep(attempt({ class: reason, kind, webhook })), failed(reason))
      }
    })
  }

  for (const stopped of ["webhook_off", "webhook_deleted"] as const) {
    test(`never follow once the webhook is stopped (${stopped}), be it before an attempt or during one`, () => {
      const cancelled = { kind: "finished", state: "cancelled", reason: stopped }
      assert.deepEqual(nextStep(attempt({ class: "cancelled", stopped })), cancelled)
      assert.deepEqual(nextStep(attempt({ stopped })), failed(stopped))
      assert.deepEqual(nextStep(attempt({ class: "ok", stopped })), delivered)
    })
  }

  for (const kind of ["replay", "test"] as const) {
    test(`never follow a ${kind}`, () => {
      for (const attemptClass of ["http_error", "wrong_body", "timeout"] as const) {
        const webhook = { retryNon2xx: true, retryWrongBody: true, longTail: true }
        assert.deepEqual(nextStep(attempt({ class: attemptClass, kind, webhook })), failed("once"))
      }
    })
  }
})

suite("the age cap (contract/webhooks.md §5)", () => {
  test("allows a retry that starts five hours after creation, and none a millisecond later", () => {
    const endedAt = instantAfter(createdAt, 5 * HOUR - MINUTE)
    assert.equal(nextStep(attempt({ endedAt })).kind, "retry")
    assert.deepEqual(nextStep(attempt({ endedAt: instantAfter(endedAt, 1) })), failed("expired"))
  })

  test("lets a first attempt start after an outage of six hours, but no retry of it", () => {
    const late = instantAfter(createdAt, 6 * HOUR)
    assert(!isRetryExpired(attempt(), late))
    assert(isRetryExpired(attempt({ retryIndex: 1 }), late))
    assert.deepEqual(nextStep(attempt({ endedAt: late })), failed("expired"))
  })

  test("repeats a first attempt that was interrupted after six hours, but not an interrupted retry", () => {
    const late = { class: "interrupted", endedAt: instantAfter(createdAt, 6 * HOUR) } as const
    assert.equal(nextStep(attempt(late)).kind, "retry")
    assert.deepEqual(nextStep(attempt({ ...late, retryIndex: 2 })), failed("expired"))
  })

  test("is 72 hours with a long tail", () => {
    const webhook = { ...usual, longTail: true }
    const endedAt = instantAfter(createdAt, 72 * HOUR - MINUTE)
    assert.equal(nextStep(attempt({ webhook, endedAt })).kind, "retry")
    assert.deepEqual(nextStep(attempt({ webhook, endedAt: instantAfter(endedAt, 1) })), failed("expired"))
  })
})

suite("the long tail (contract/webhooks.md §5)", () => {
  const webhook = { ...usual, longTail: true }
  const tailHours = [1, 2, 4, 8, 12, 12, 12, 12, 8]

  for (const [random, factor] of [
    [0, 0.9],
    [0.5, 0.95],
    [1, 1],
  ] as const) {
    test(`waits 1, 2, 4, 8, 12, 12, 12, 12 and 8 hours times ${factor} after the eighth attempt`, () => {
      const { startsMs, end } = simulate({ webhook, random: () => random }, 0)
      assert.equal(startsMs.length, 17)
      const tail = startsMs.slice(7)
      assert.equal(tail[0], 33 * MINUTE)
      const waits = tail.slice(1).map((startMs, index) => startMs - (tail[index] ?? 0))
      assert.deepEqual(
        waits,
        tailHours.map((hours) => Math.round(hours * HOUR * factor)),
      )
      assert.deepEqual(end, failed("exhausted"))
    })
  }

  test("starts no attempt later than 72 hours after creation, whatever chance, duration and Retry-After say", () => {
    const chances = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
    const durations = fc.integer({ min: 0, max: 30 * MINUTE })
    fc.assert(
      fc.property(chances, durations, fc.nat(4000), (stream, durationMs, retryAfterSeconds) => {
        const random = () => stream.next().value ?? 1
        const retryAfter = String(retryAfterSeconds)
        const { startsMs, end } = simulate({ webhook, random, httpStatus: 503, retryAfter }, durationMs)
        assert((startsMs.at(-1) ?? 0) <= 72 * HOUR)
        assert(startsMs.every(Number.isSafeInteger))
        const reason = startsMs.length === 17 ? "exhausted" : "expired"
        assert.deepEqual(end, failed(reason))
      }),
    )
  })
})

suite("Retry-After (contract/webhooks.md §5)", () => {
  const endedAt = Date.parse("2026-03-01T00:00:30Z") as Instant
  const wait = (retryAfter: string, changes: Partial<EndedAttempt> = {}): number => {
    const step = nextStep(attempt({ endedAt, httpStatus: 503, retryAfter, ...changes }))
    assert(step.kind === "retry")
    assert.equal(step.retryIndex, (changes.retryIndex ?? 0) + 1)
    return (step.dueAt - endedAt) / 1000
  }

  for (const [text, seconds] of [
    ["120", 120],
    [" 120 ", 120],
    ["61", 61],
    ["59", 60],
    ["0", 60],
    ["3600", 3600],
    ["3601", 3600],
    ["9".repeat(400), 3600],
    ["-120", 60],
    ["+120", 60],
    ["120.5", 60],
    ["1e3", 60],
    ["0x78", 60],
    ["120s", 60],
    ["120, 240", 60],
    ["", 60],
    ["soon", 60],
    ["Sun, 01 Mar 2026 00:05:30 GMT", 300],
    ["Sunday, 01-Mar-26 00:05:30 GMT", 300],
    ["Sun Mar  1 00:05:30 2026", 300],
    ["Sun, 01 Mar 2026 09:00:00 GMT", 3600],
    ["Sun, 01 Mar 2026 00:00:00 GMT", 60],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 60],
    ["Sun, 01 Mar 2026 00:05:30", 60],
    ["Sun, 01 Mar 2026 00:05:30 +0700", 60],
    ["Sun, 01 Mar 2026 99:05:30 GMT", 60],
    ["2026-03-01T00:05:30Z", 60],
    ["2026", 2026],
  ] as const) {
    const shown = text.length > 40 ? "400 digits" : `"${text}"`
    test(`${shown} on a first attempt makes a wait of ${seconds} seconds`, () => assert.equal(wait(text), seconds))
  }

  test("counts on 429 and 503 and on no other status", () => {
    for (const httpStatus of [429, 503]) assert.equal(wait("300", { httpStatus }), 300)
    for (const httpStatus of [301, 400, 500, 502, 504]) assert.equal(wait("300", { httpStatus }), 60)
    assert.equal(wait("300", { httpStatus: undefined, class: "timeout" }), 60)
  })

  test("never shortens a wait, and uses up an attempt", () => {
    assert.equal(wait("300", { retryIndex: 6 }), 13 * 60)
    assert.deepEqual(nextStep(attempt({ retryIndex: 7, httpStatus: 503, retryAfter: "300" })), failed("exhausted"))
  })

  test("past the age cap ends the delivery", () => {
    const late = { endedAt: instantAfter(createdAt, 4.5 * HOUR), httpStatus: 429 }
    assert.equal(nextStep(attempt({ ...late, retryAfter: "1800" })).kind, "retry")
    assert.deepEqual(nextStep(attempt({ ...late, retryAfter: "1801" })), failed("expired"))
  })
})

suite("an interrupted attempt (contract/webhooks.md §4)", () => {
  const interrupted = { class: "interrupted", httpStatus: undefined } as const

  test("is repeated at once and uses up no retry, four times in a row; the fifth counts as a failed attempt", () => {
    const { endedAt } = attempt()
    for (let interruptions = 0; interruptions < 4; interruptions++) {
      assert.deepEqual(nextStep(attempt({ ...interrupted, interruptions, retryIndex: 3 })), {
        ...{ kind: "retry", dueAt: endedAt, retryIndex: 3, interruptions: interruptions + 1 },
      })
    }
    assert.deepEqual(nextStep(attempt({ ...interrupted, interruptions: 4, retryIndex: 3 })), {
      ...{ kind: "retry", dueAt: instantAfter(endedAt, 3 * MINUTE), retryIndex: 4, interruptions: 0 },
    })
  })

  test("after others starts a new row once an outcome is known", () => {
    const step = nextStep(attempt({ interruptions: 3 }))
    assert(step.kind === "retry" && step.interruptions === 0)
  })

  test("for ever makes eight times five attempts", () => {
    const { startsMs, end } = simulate(interrupted)
    assert.equal(startsMs.length, 40)
    assert.deepEqual(end, failed("exhausted"))
  })

  test("is repeated with retries off, until the fifth", () => {
    const webhook = { ...usual, retryNon2xx: false }
    assert.equal(nextStep(attempt({ ...interrupted, webhook })).kind, "retry")
    assert.deepEqual(nextStep(attempt({ ...interrupted, webhook, interruptions: 4 })), failed("retry_off"))
  })

  test("of a replay is repeated, until the fifth and however old, and that of a test send never", () => {
    const endedAt = instantAfter(createdAt, 100 * HOUR)
    const replay = { ...interrupted, kind: "replay", endedAt } as const
    assert.equal(nextStep(attempt(replay)).kind, "retry")
    assert.deepEqual(nextStep(attempt({ ...replay, interruptions: 4 })), failed("once"))
    assert.deepEqual(nextStep(attempt({ ...interrupted, kind: "test" })), failed("once"))
  })

  test("is not repeated once the webhook is stopped", () => {
    assert.deepEqual(nextStep(attempt({ ...interrupted, stopped: "webhook_off" })), failed("webhook_off"))
  })
})
