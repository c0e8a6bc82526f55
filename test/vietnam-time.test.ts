import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import type { Instant } from "../src/clock.ts"
import { dayBounds, formatDay, formatVietnamTime, parseBookedAt, parseDay, vietnamDay } from "../src/vietnam-time.ts"

const instant = (text: string) => Date.parse(text) as Instant

// The same by the platform's own time zones, slowly.
const slow = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Ho_Chi_Minh",
  dateStyle: "short",
  timeStyle: "medium",
})

describe("Vietnam time", () => {
  it("agrees with the platform's time zone data from 1980 on", () => {
    const range = { min: Date.UTC(1980, 0, 1), max: Date.UTC(2100, 0, 1) }
    fc.assert(
      fc.property(fc.integer(range), (at) => {
        const text = formatVietnamTime(at as Instant)
        assert.equal(text, slow.format(at))
        assert.equal(formatDay(vietnamDay(at as Instant)), text.slice(0, 10))
      }),
    )
  })

  it("begins a day at 17:00 UTC of the day before", () => {
    assert.equal(formatVietnamTime(instant("2026-07-03T16:59:59Z")), "2026-07-03 23:59:59")
    assert.equal(formatVietnamTime(instant("2026-07-03T17:00:00Z")), "2026-07-04 00:00:00")
    const day = parseDay("2026-07-04")
    assert.ok(day !== undefined)
    assert.deepEqual(dayBounds(day), {
      startAt: instant("2026-07-03T17:00:00Z"),
      endAt: instant("2026-07-04T17:00:00Z"),
    })
  })

  it("takes real calendar days only", () => {
    for (const text of ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026-07-04 ", "20260704", ""]) {
      assert.equal(parseDay(text), undefined, text)
    }
    assert.notEqual(parseDay("2024-02-29"), undefined)
  })

  it("reads booked times in the three forms of contract/feeds.md §4", () => {
    const at = instant("2025-12-11T05:48:20Z")
    assert.deepEqual(parseBookedAt("2025-12-11T12:48:20+07:00"), { at, precision: "second" })
    assert.deepEqual(parseBookedAt("2025-12-11 12:48:20"), { at, precision: "second" })
    assert.deepEqual(parseBookedAt("2025-12-11"), { at: instant("2025-12-10T17:00:00Z"), precision: "day" })
    for (const text of ["2025-12-11T12:48:20", "2025-12-11 12:48", "11/12/2025", "2025-02-30", "2025-12-11 24:00:00"]) {
      assert.equal(parseBookedAt(text), undefined, text)
    }
  })
})
