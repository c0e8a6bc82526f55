import assert from "node:assert/strict"
import { suite, test } from "node:test"
import fc from "fast-check"
import type { OutboundFailure, OutboundResponse, OutboundResult } from "../../src/outbound/outbound.ts"
import { type AttemptClass, hintFor, shownStatus, shownStatusText } from "../../src/webhooks/attempt-class.ts"
import { classify, type Outcome } from "../../src/webhooks/outcome.ts"

const timings = { dnsMs: undefined, connectMs: undefined, tlsMs: undefined, firstByteMs: 5, totalMs: 10 }
const delivered: Outcome = { class: "ok", errorCode: 0, message: undefined, httpStatus: 200 }

function response(status: number, body: string | Buffer, headers: OutboundResponse["headers"] = []): OutboundResponse {
  return { status, headers, body: Buffer.from(body) }
}

function answer(status: number, body: string | Buffer, headers: OutboundResponse["headers"] = []): OutboundResult {
  return { kind: "answered", response: response(status, body, headers), bodyEnd: "complete", timings }
}

function failure(kind: OutboundFailure, begun?: OutboundResponse): OutboundResult {
  return { kind: "failed", failure: kind, message: `It ended with ${kind}.`, response: begun, timings }
}

function judge(result: OutboundResult, disableOn410 = true): Outcome {
  return classify(result, { disableOn410 })
}

suite("a delivered attempt (contract/webhooks.md §4)", () => {
  for (const [name, body] of [
    ["success alone", '{"success":true}'],
    ["other keys", '{"a":[{"success":false}],"success":true,"message":"ok"}'],
    ["whitespace around", ' \r\n\t{ "success" : true } \n'],
    ["a byte order mark", '\ufeff{"success":true}'],
    ["a byte order mark and whitespace", '\ufeff\r\n {"success":true}\n'],
    ["a message that is no UTF-8", Buffer.from('{"success":true,"m":"\xe9"}', "latin1")],
  ] as const) {
    test(`has a JSON object with success true, here with ${name}`, () =>
      assert.deepEqual(judge(answer(200, body)), delivered))
  }

  test("has status 200 or 201, and no other 2xx", () => {
    for (let status = 200; status <= 299; status++) {
      const expected = status <= 201 ? "ok" : "wrong_body"
      assert.equal(judge(answer(status, '{"success":true}')).class, expected, String(status))
    }
  })

  for (const value of ["text/html", "text/plain; charset=utf-8", "application/octet-stream"]) {
    test(`may call itself ${value}`, () => {
      assert.deepEqual(judge(answer(200, '{"success":true}', [["content-type", value]])), delivered)
    })
  }

  for (const value of ["identity", "Identity", "", "identity, IDENTITY"]) {
    test(`may have the content encoding "${value}"`, () => {
      assert.deepEqual(judge(answer(200, '{"success":true}', [["content-encoding", value]])), delivered)
    })
  }

  test("may have a body of 64 KiB to the byte", () => {
    assert.equal(judge(answer(200, '{"success":true}'.padEnd(65_536))).class, "ok")
  })
})

suite("an attempt with a wrong body (contract/webhooks.md §4)", () => {
  for (const [body, fault] of [
    ["", "the body is empty"],
    ["ok", "the body is not JSON"],
    ["true", "the body is no JSON object"],
    ["null", "the body is no JSON object"],
    ['[{"success":true}]', "the body is no JSON object"],
    ['{"success":true', "the body is not JSON"],
    ['{"success":true}{"success":true}', "the body is not JSON"],
    ["{'success':true}", "the body is not JSON"],
    ['<!-- -->{"success":true}', "the body is not JSON"],
    ["{}", 'the body has no "success": true'],
    ['{"Success":true}', 'the body has no "success": true'],
    ['{"data":{"success":true}}', 'the body has no "success": true'],
    ['{"__proto__":{"success":true}}', 'the body has no "success": true'],
    ['{"success":false}', '"success" is false, not the boolean true'],
    ['{"success":"true"}', '"success" is the text "true", not the boolean true'],
    ['{"success":"yes, of course"}', '"success" is a text, not the boolean true'],
    ['{"success":1}', '"success" is 1, not the boolean true'],
    ['{"success":null}', '"success" is null, not the boolean true'],
    ['{"success":[true]}', '"success" is a list, not the boolean true'],
    ['{"success":{"value":true}}', '"success" is an object, not the boolean true'],
  ] as const) {
    test(`answered ${JSON.stringify(body)} and is told so`, () => {
      const message = `Your endpoint answered 200 but ${fault}.`
      assert.deepEqual(judge(answer(200, body)), { class: "wrong_body", errorCode: 0, message, httpStatus: 200 })
    })
  }

  for (const status of [202, 204, 206, 226, 299]) {
    test(`answered ${status}, which the message names`, () => {
      const message = `Your endpoint answered ${status}; only 200 and 201 count.`
      const expected = { class: "wrong_body", errorCode: 0, message, httpStatus: status }
      assert.deepEqual(judge(answer(status, '{"success":true}')), expected)
    })
  }

  for (const value of ["gzip", "identity, br", "x-unknown"]) {
    test(`has the content encoding "${value}"`, () => {
      const outcome = judge(answer(200, '{"success":true}', [["content-encoding", value]]))
      assert.equal(outcome.class, "wrong_body")
      const coding = value.replace("identity, ", "")
      assert.equal(
        outcome.message,
        `Your endpoint answered 200 but the body is encoded as ${coding}, which was not asked for.`,
      )
    })
  }

  test("has a second content-encoding header that is not identity", () => {
    const headers = [
      ["content-encoding", "identity"],
      ["content-encoding", "gzip"],
    ] as const
    assert.equal(judge(answer(200, '{"success":true}', headers)).class, "wrong_body")
  })

  test("has a body over 64 KiB, cut or not", () => {
    const body = '{"success":true}'
    const cut = { ...answer(200, body), bodyEnd: "too_large" } as OutboundResult
    for (const result of [cut, answer(200, body.padEnd(65_537))]) {
      const { class: attemptClass, message } = judge(result)
      assert.equal(attemptClass, "wrong_body")
      assert.equal(message, "Your endpoint answered 200 but the body is larger than 64 KiB.")
    }
  })

  test("has a body that was given up before its end", () => {
    const result = { ...answer(200, '{"success":true}'), bodyEnd: "given_up" } as OutboundResult
    assert.equal(judge(result).message, "Your endpoint answered 200 but the body was not read to its end.")
  })

  test("is any 2xx with any JSON value but an object whose success is true", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
        const expected = isObject && value["success"] === true ? "ok" : "wrong_body"
        assert.equal(judge(answer(200, JSON.stringify(value))).class, expected)
      }),
    )
  })
})

suite("an attempt with another status (contract/webhooks.md §4)", () => {
  for (const status of [101, 300, 301, 304, 307, 400, 401, 403, 404, 410, 418, 429, 500, 503, 599, 999]) {
    test(`answered ${status}, whatever its body says`, () => {
      const expected = {
        class: "http_error",
        errorCode: 0,
        message: `Your endpoint answered ${status}.`,
        httpStatus: status,
      }
      assert.deepEqual(judge(answer(status, '{"success":true}'), false), expected)
    })
  }

  test("is gone on 410 when the webhook says so", () => {
    const expected = { class: "gone", errorCode: 0, message: "Your endpoint answered 410.", httpStatus: 410 }
    assert.deepEqual(judge(answer(410, "")), expected)
  })

  test("shows where a redirect leads, which is not followed", () => {
    const { message } = judge(answer(302, "", [["location", "https://elsewhere.example/"]]))
    assert.equal(
      message,
      "Your endpoint answered 302 with a redirect to https://elsewhere.example/, which is not followed.",
    )
  })

  test("keeps its class when the body was given up, cut, reset or too slow", () => {
    const begun = answer(503, "")
    for (const bodyEnd of ["given_up", "too_large"]) {
      assert.equal(judge({ ...begun, bodyEnd } as OutboundResult).class, "http_error")
    }
    for (const kind of ["receive", "timeout"] as const) {
      assert.equal(judge(failure(kind, response(503, ""))).class, "http_error")
      assert.equal(judge(failure(kind, response(410, ""))).class, "gone")
    }
  })
})

suite("an attempt without a complete answer (contract/webhooks.md §4)", () => {
  for (const [kind, errorCode] of [
    ["timeout", 28],
    ["dns", 6],
    ["connect", 7],
    ["tls", 35],
    ["tls_name", 51],
    ["tls_ca", 60],
    ["send", 55],
    ["receive", 56],
    ["blocked", 7],
  ] as const) {
    test(`is ${kind} with error code ${errorCode}`, () => {
      const expected = { class: kind, errorCode, message: `It ended with ${kind}.`, httpStatus: undefined }
      assert.deepEqual(judge(failure(kind)), expected)
    })
  }

  for (const kind of ["timeout", "receive"] as const) {
    test(`is ${kind} when a 200 ends so within its body, even after "success": true`, () => {
      const { class: attemptClass, httpStatus } = judge(failure(kind, response(200, '{"success":true}')))
      assert.deepEqual([attemptClass, httpStatus], [kind, 200])
    })
  }
})

suite("what the log shows of an attempt (contract/webhooks.md §4)", () => {
  const shown: Record<AttemptClass, string> = {
    ...{ ok: "Success", wrong_body: "Failed (wrong body)", http_error: "Failed", gone: "Failed", timeout: "Timeout" },
    ...{ dns: "Failed", connect: "Failed", tls: "Failed", tls_name: "Failed", tls_ca: "Failed", send: "Failed" },
    ...{ receive: "Failed", oauth_token: "Failed", blocked: "Failed (blocked address)", interrupted: "Interrupted" },
    ...{ late: "Late", cancelled: "Not sent" },
  }
  const classes = Object.keys(shown) as AttemptClass[]

  test("is the status of the table, as a key and in words", () => {
    for (const attemptClass of classes) assert.equal(shownStatusText(attemptClass).en, shown[attemptClass])
    const keys = new Set(classes.map(shownStatus))
    assert.deepEqual([...keys].sort(), [
      ...["blocked", "failed", "interrupted", "late", "not_sent", "success", "timeout", "wrong_body"],
    ])
  })

  test("comes with a hint in both languages, unless it was delivered", () => {
    for (const attemptClass of classes) {
      const hint = hintFor(attemptClass, 500)
      if (attemptClass === "ok") assert.equal(hint, undefined)
      else assert(hint !== undefined && hint.vi.length > 10 && hint.en.length > 10 && hint.vi !== hint.en)
    }
  })

  test("names the status of a wrong body in the words of the contract", () => {
    assert.equal(hintFor("wrong_body", 200)?.en, 'your endpoint answered 200 but the body has no `"success": true`')
  })
})
