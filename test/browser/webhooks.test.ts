import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import type { Page } from "playwright-core"
import { idIn, keysOf, startWebhookSite, submitNew, type WebhookSite } from "../portal/merchant/webhook-site.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine, onSqlite } from "../support/engines.ts"
import { answerSuccess, answerWith } from "../support/receiver.ts"
import { openPage, press, signInAs } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const main = "main#content"
const says = (page: Page) => page.locator(main).innerText()

onEachEngine((engine) => {
  let web: WebhookSite
  before(async () => {
    web = await startWebhookSite(engine.databaseUrl())
  })
  after(() => web.stop())

  const onPage = async (walk: (page: Page) => Promise<void>) => {
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: true, locale: "en-US" })
    try {
      await signInAs(page, web.site, web.site.merchant)
      await walk(page)
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
    }
  }

  it("a merchant creates a webhook, tests it, sees a delivery, copies it as cURL, and replays what failed", async () => {
    await onPage(async (page) => {
      await page.goto(`${web.site.url}/webhooks`)
      await press(page, ".empty a.button")
      await page.locator("input[name=webhook_url]").fill(web.receiver.url)
      await press(page, ".webhook-form button.button")
      assert.match(await says(page), /One thing needs to be mended/)
      assert.equal(await page.locator("input[name=webhook_url]").inputValue(), web.receiver.url)
      await page.locator("input[name=event_type][value=All]").check()
      await page.locator("input[name=name]").fill("My shop")
      // A clone of this one lacks its secret, so that is on the way too.
      await press(page, ".webhook-form button.button")
      const secret = await page.locator("#secret").innerText()
      assert.match(secret, /^whsec_/)
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
      await page.locator("button[data-copy]").click()
      await page.locator(".copy-status", { hasText: "Copied." }).waitFor()
      assert.equal(await page.evaluate("navigator.clipboard.readText()"), secret)
      await press(page, `${main} .actions a.button`)
      assert.match(await says(page), /The webhook is made/)

      await press(page, ".tabs a[href$='/test']")
      await press(page, `${main} form button`)
      assert.match(await says(page), /Your server got it and answered as it should/)
      assert.equal(JSON.parse(web.receiver.received.at(-1)?.body.toString() ?? "").id, 0)

      const [transactionId] = await web.push([{ content: "DH100245 it's paid" }])
      const id = Number(/webhooks\/(\d+)/.exec(page.url())?.[1])
      const [n] = await web.log(id, 2)
      await press(page, ".tabs a[href$='/log']")
      await press(page, `a[href$='/log/${n}']`)
      assert.match(await says(page), new RegExp(`Transaction\\s*${transactionId}`))
      const curl = await page.locator("#curl").innerText()
      await page.locator("button[data-copy=curl]").click()
      await page.locator(".copy-status", { hasText: "Copied." }).waitFor()
      assert.equal(await page.evaluate("navigator.clipboard.readText()"), curl)
      assert.match(curl, /it'\\''s paid/)

      // From now on each failure is final, so that it can be replayed by filter at once.
      await page.goto(`${web.site.url}/webhooks/${id}/edit`)
      await page.locator("input[name=retry_non_2xx]").uncheck()
      await press(page, ".webhook-form button.button")
      assert.match(await says(page), /Saved/)
      web.receiver.answer(answerWith(500, "down"))
      await web.push([{}, {}])
      const [failed] = await web.log(id, 4)
      web.receiver.answer(answerSuccess)
      await press(page, ".tabs a[href$='/log']")
      await press(page, `a[href$='/log/${failed}']`)
      assert.match(await says(page), /only 200 or 201 counts/)
      await press(page, "form[action$='/log/replay'] button")
      assert.match(await says(page), /One delivery is queued again/)
      await web.log(id, 5)
      await press(page, "a[href$='/replay']")
      await press(page, "form.stack button")
      assert.match(await says(page), /1 transaction will be sent again/)
      await press(page, ".ask button.button")
      assert.match(await says(page), /1 transaction is queued/)
      await web.log(id, 6)

      await page.goto(`${web.site.url}/webhooks/${id}`)
      await press(page, "a[href$='/off']")
      await press(page, ".ask button")
      assert.match(await says(page), /The webhook is off/)
      await press(page, "a[href$='/clone']")
      await press(page, ".ask button")
      assert.match(await says(page), /Cloned/)
      await press(page, "form[action$='/on'] button")
      assert.match(await says(page), /cannot be switched on yet/)
      await press(page, ".back a")
      await press(page, "a[href$='/delete']")
      await press(page, ".ask button")
      assert.match(await says(page), /The webhook is deleted/)
      assert.match(await says(page), /My shop/)
    })
  })

  it("a double click makes one webhook, and the page shows its secret all the same", async () => {
    await onPage(async (page) => {
      await page.goto(`${web.site.url}/webhooks/new`)
      await page.locator("input[name=webhook_url]").fill(web.receiver.url)
      await page.locator("input[name=name]").fill("Clicked twice")
      await page.locator(".webhook-form button.button").dblclick()
      await page.locator("#secret").waitFor()
      await page.goto(`${web.site.url}/webhooks?q=`)
      assert.equal(await page.locator(".row-name", { hasText: "Clicked twice" }).count(), 1)
    })
  })

  it("a form left open while another tab changed the webhook keeps what was typed and says so", async () => {
    await onPage(async (page) => {
      const id = await web.create({ name: "Two tabs" })
      const other = await page.context().newPage()
      for (const tab of [page, other]) await tab.goto(`${web.site.url}/webhooks/${id}/edit`)
      await other.locator("input[name=name]").fill("By the other")
      await press(other, ".webhook-form button.button")
      await page.locator("input[name=name]").fill("By this one")
      await press(page, ".webhook-form button.button")
      assert.match(await says(page), /changed meanwhile/)
      assert.equal(await page.locator("input[name=name]").inputValue(), "By this one")
      await press(page, ".webhook-form button.button")
      assert.match(await says(page), /Saved/)
      // The back button leads to the form that was sent: sending it again does nothing twice.
      await page.goBack()
      await other.close()
    })
  })

  it("only what a choice asks for is shown, and all of it can be reached by keyboard", async () => {
    await onPage(async (page) => {
      await page.goto(`${web.site.url}/webhooks/new`)
      const isSeen = (selector: string) => page.locator(selector).isVisible()
      assert.deepEqual(await Promise.all(["#secret_key", "#api_key", "#oauth2_client_id"].map(isSeen)), [
        true,
        false,
        false,
      ])
      await page.locator("input[name=authen_type][value='OAuth2.0']").check()
      assert.deepEqual(await Promise.all(["#secret_key", "#api_key", "#oauth2_client_id"].map(isSeen)), [
        false,
        false,
        true,
      ])
      const vas = `#vas_${web.accountId}`
      assert.equal(await isSeen(vas), false)
      await page.locator("input[name=covers][value=chosen]").focus()
      await page.keyboard.press("Space")
      await page.keyboard.press("Tab")
      await page.keyboard.press("Space")
      assert.equal(await isSeen(vas), true)
      await page.locator(vas).selectOption("listed")
      await page.locator(`input[name=va_ids_${web.accountId}]`).first().check()
      await page.locator("input[name=authen_type][value=No_Authen]").check()
      await page.locator("input[name=webhook_url]").fill(web.receiver.url)
      await page.locator("input[name=name]").fill("By keyboard")
      await page.keyboard.press("Enter")
      await page.locator(".note.good").waitFor()
      assert.match(await says(page), /Only by the VAs that are chosen: TKP/)
    })
  })
})

const ugly = `"><img src=x onerror=alert(1)><script>alert(1)</script> ${"Cửa hàng rất dài ".repeat(12)}`.slice(0, 299)

onSqlite((engine) => {
  let web: WebhookSite
  let id: number
  let quiet: number
  let failed: number
  let transactionId: number | undefined
  const window = new URLSearchParams({ from: "2026-01-01T00:00", before: "2036-01-01T00:00" }).toString()
  before(async () => {
    web = await startWebhookSite(engine.databaseUrl())
    const longUrl = `${web.receiver.url}/${"duong-dan-dai/".repeat(15)}`
    const account = [String(web.accountId), String(web.otherAccountId)]
    const vas = { [`vas_${web.accountId}`]: "listed", [`va_ids_${web.accountId}`]: web.vaIds.map(String) }
    const fields = { covers: "chosen", account, ...vas, event_type: "In_only", webhook_url: longUrl }
    quiet = await web.create({
      ...fields,
      name: "Thử",
      active: undefined,
      prefix_filters: "DH, HD, ABCDEFGHIJKLMNOPQRST",
    })
    id = idIn(
      await submitNew(web.merchant, {
        webhook_url: longUrl,
        name: ugly,
        authen_type: "Api_Key",
        api_key: "khoa-api-12345678",
        retry_non_2xx: undefined,
      }),
    )
    web.receiver.answer(
      answerWith(500, `<script>alert(1)</script>${"dài".repeat(400)}`, { "x-evil": '"><img src=x onerror=alert(1)>' }),
    )
    const ids = await web.push([{ content: ugly }, {}])
    transactionId = ids[0]
    const [first = 0] = await web.log(id, 2)
    failed = first
    web.receiver.answer(answerSuccess)
    const rolling = await web.create({ name: "Chờ gửi lại", webhook_url: web.receiver.url })
    await fail()
    await web.log(rolling, 1)
  })
  after(() => web.stop())

  // A delivery that has failed for good, as this webhook is never retried.
  const fail = async () => {
    web.receiver.answer(answerWith(500, "down"))
    const [newest] = await web.log(id, 1)
    await web.push([{}])
    while ((await web.log(id, 1))[0] === newest) await new Promise((resolve) => setTimeout(resolve, 25))
    web.receiver.answer(answerSuccess)
  }
  const open = (path: () => string) => async (page: Page) => {
    await page.goto(web.site.url + path())
  }
  const sendForm = async (page: Page, path: string) => {
    await page.goto(web.site.url + path)
    await press(page, `${main} form button.button >> nth=-1`)
  }
  const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    list: open(() => "/webhooks"),
    "list, nothing matches": open(() => "/webhooks?mode=test"),
    new: open(() => "/webhooks/new"),
    "new, for chosen accounts by OAuth": async (page) => {
      await page.goto(`${web.site.url}/webhooks/new`)
      await page.locator("input[name=covers][value=chosen]").check()
      await page.locator("input[name=account]").first().check()
      await page.locator(`#vas_${web.accountId}`).selectOption("listed")
      await page.locator("input[name=authen_type][value='OAuth2.0']").check()
    },
    "new, after mistakes": async (page) => {
      await page.goto(`${web.site.url}/webhooks/new`)
      await page.locator("input[name=covers][value=chosen]").check()
      await page.locator("input[name=webhook_url]").fill("https://10.0.0.1/")
      await page.locator("#secret_key").fill("x")
      await press(page, ".webhook-form button.button")
    },
    edit: open(() => `/webhooks/${quiet}/edit`),
    detail: open(() => `/webhooks/${id}`),
    "detail of a quiet one": open(() => `/webhooks/${quiet}`),
    "question before off": open(() => `/webhooks/${id}/off`),
    "question before delete": open(() => `/webhooks/${id}/delete`),
    "test before": open(() => `/webhooks/${id}/test`),
    "test under way": open(() => `/webhooks/${id}/test?sent=0192f0c4-a7e8-7c3d-9b1e-5a6f7c8d9e0f`),
    "test result": async (page) => {
      web.nextMinute()
      await sendForm(page, `/webhooks/${id}/test`)
    },
    log: open(() => `/webhooks/${id}/log`),
    "log, empty": open(() => `/webhooks/${quiet}/log`),
    "log, nothing matches": open(() => `/webhooks/${id}/log?status=418&from=2026-01-01T00:00&kind=x`),
    "failed call": open(() => `/webhooks/${id}/log/${failed}`),
    "replay window": open(() => `/webhooks/${id}/replay`),
    "replay, wrong": open(() => `/webhooks/${id}/replay?from=&before=x`),
    "replay preview": async (page) => {
      await fail()
      await page.goto(`${web.site.url}/webhooks/${id}/replay?${window}&states=failed`)
    },
    "explain, empty": open(() => `/webhooks/${id}/explain`),
    "explain, sent": open(() => `/webhooks/${id}/explain?transaction=${transactionId}`),
    "explain, not sent": open(() => `/webhooks/${quiet}/explain?transaction=${transactionId}`),
  }
  const changing: typeof pages = {
    "secret once": async (page) => {
      await page.goto(`${web.site.url}/webhooks/new`)
      await page.locator("input[name=webhook_url]").fill(web.receiver.url)
      await page.locator("input[name=name]").fill(ugly)
      await press(page, ".webhook-form button.button")
      await page.locator("#secret").waitFor()
    },
    roll: async (page) => {
      await changing["secret once"]?.(page)
      await press(page, `${main} .actions a.button`)
      await press(page, "a[href$='/roll']")
    },
    "roll under way": async (page) => {
      await changing["roll"]?.(page)
      await press(page, ".ask form button")
      await press(page, `${main} .actions a.button`)
    },
    "replay progress": async (page) => {
      web.nextMinute()
      await fail()
      await page.goto(`${web.site.url}/webhooks/${id}/replay?${window}&states=failed`)
      await press(page, ".ask button.button")
    },
    "please wait": async (page) => {
      web.nextMinute()
      for (let count = 0; count < 11; count += 1) {
        const { text } = await web.merchant.get(`/webhooks/${id}/test`)
        await web.merchant.postForm(`/webhooks/${id}/test`, keysOf(text))
      }
      await sendForm(page, `/webhooks/${id}/test`)
    },
  }

  for (const look of looks) {
    describe(`webhook pages in the look "${look.name}" (${look.locale}, ${look.colorScheme})`, () => {
      it("fit, read in order, have names and contrast, and let nothing through that was injected", async () => {
        const { name, ...options } = look
        const { page, complaints } = await openPage(browser, { ...options, javaScriptEnabled: true })
        try {
          await signInAs(page, web.site, web.site.merchant)
          for (const [what, go] of Object.entries({ ...pages, ...changing })) {
            await go(page)
            await lookAt(page, `${what} (${name})`)
            assert.equal(await page.locator(`${main} img[src=x], ${main} script`).count(), 0, what)
          }
          assert.deepEqual(complaints, [])
        } finally {
          await page.context().close()
        }
      })
    })
  }
})
