import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { instantAfter } from "../../src/clock.ts"
import { transaction } from "../../src/database/engine.ts"
import { createUser } from "../../src/identity/user.ts"
import { openBrowser, type TestBrowser } from "../support/browser.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor } from "../support/http.ts"
import { answerSuccess, answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "../webhooks/delivery-ground.ts"
import { openPage, press } from "./ground.ts"
import { lookAt, looks } from "./look.ts"

const operator = { email: "operator@platform.example", password: "mot mat khau that dai 2026" }
const merchant = { email: "merchant@platform.example", password: "mot mat khau that dai 2026" }
const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`

let browser: TestBrowser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

onEachEngine((engine) => {
  let ground: DeliveryGround
  let receiver: Receiver

  before(async () => {
    receiver = await startReceiver()
    ground = await startDeliveryGround(engine.databaseUrl(), { env: { OUTBOUND_ALLOW_HTTP: "on" } })
    ground.app.worker.start()
    const { db, clock } = ground.app.context
    const company = { fullName: "Nhà vận hành" }
    await createUser(db, clock.now(), { ...operator, company, isOperator: true })
    await createUser(db, clock.now(), { ...merchant, company: { id: ground.companyId }, role: "SuperAdmin" })
  })
  after(async () => {
    await ground.stop()
    await receiver.close()
  })

  async function signIn(user: typeof operator, options: Parameters<typeof openPage>[1] = {}) {
    const watched = await openPage(browser, { javaScriptEnabled: true, ...options })
    await watched.page.goto(`${ground.app.url}/login`)
    await watched.page.locator("input[name=email]").fill(user.email)
    await watched.page.locator("input[name=password]").fill(user.password)
    await press(watched.page, "main form button")
    return watched
  }

  describe("the operator's pages", () => {
    it("show a webhook that fails: its backlog, when it is tried again and how its attempts ended", async () => {
      receiver.answer(answerWith(500))
      const webhookId = await ground.webhook({ webhook_url: receiver.url, name: hostile })
      await ground.push([{}, {}])
      await ground.log(webhookId, 2)
      const { page, complaints } = await signIn(operator)
      await page.goto(`${ground.app.url}/operator/deliveries`)
      const main = await page.locator("main").innerText()
      assert.match(main, /Đang chờ gửi\s+2\s/)
      assert.match(main, /gửi lại sau (1 phút|\d+ giây)/)
      assert.match(main, /Máy chủ nhận báo lỗi\s+2/)
      assert.ok(main.includes(hostile), "a name is text, whatever it holds")
      assert.equal(main.includes(new URL(receiver.url).pathname === "/" ? "\0" : new URL(receiver.url).pathname), false)

      await page.goto(`${ground.app.url}/operator/system`)
      assert.match(await page.locator("main").innerText(), /Đang chờ gửi\s+2 ·/)
      assert.deepEqual(complaints, [])
      await page.context().close()
    })

    it("show a webhook that the platform switched off, and why", async () => {
      receiver.answer(answerWith(410))
      const webhookId = await ground.webhook({ webhook_url: receiver.url, name: "Đã ngừng" })
      await ground.push([{}])
      await ground.log(webhookId, 1)
      const { page } = await signIn(operator)
      await page.goto(`${ground.app.url}/operator/deliveries`)
      assert.match(await page.locator("main").innerText(), /Đã ngừng.*Máy chủ nhận trả về 410/s)
      await page.context().close()
      receiver.answer(answerSuccess)
    })

    it("show each feed with when it was last heard of and what became of its items", async () => {
      await ground.push([{}])
      const { page } = await signIn(operator)
      await page.goto(`${ground.app.url}/operator/feeds`)
      const row = await page.locator("main tbody tr").first().innerText()
      assert.match(row, /Ngân hàng đẩy/)
      assert.match(row, /Đã ghi: [1-9]/)
      assert.match(row, /(giây|phút) trước/)
      const { db, clock } = ground.app.context
      const lastSeen = async (hoursAgo: number) => {
        await transaction(db, (tx) =>
          tx
            .updateTable("feeds")
            .set({ last_seen_at: instantAfter(clock.now(), -hoursAgo * 3_600_000) })
            .execute(),
        )
        await page.reload()
        return page.locator("main tbody tr").first().innerText()
      }
      assert.match(await lastSeen(47.5), /47 giờ trước/)
      assert.match(await lastSeen(49), /2 ngày trước/)
      assert.match(await lastSeen(720), /30 ngày trước/)
      await page.context().close()
    })

    it("tell version, engine, disk and the last clean-up", async () => {
      await ground.app.runLoop("cleanup")
      const { page } = await signIn(operator, { locale: "en-US" })
      await page.goto(`${ground.app.url}/operator/system`)
      const main = await page.locator("main").innerText()
      assert.match(main, /SePay OAuth2 0\.\d+\.\d+/)
      assert.match(main, engine.name === "sqlite" ? /SQLite 3\.\d+/ : /PostgreSQL 1\d/)
      assert.match(main, /free of/)
      assert.match(main, /Last clean-up\s+\d+ \w+ \d{4}, \d\d:\d\d · \d+ old rows removed/)
      await page.context().close()
    })

    it("do not exist for anybody else", async () => {
      for (const path of ["/operator/feeds", "/operator/deliveries", "/operator/system"]) {
        const { page } = await signIn(merchant)
        const answer = await page.goto(ground.app.url + path)
        assert.equal(answer?.status(), 404, path)
        assert.equal(await page.locator(`nav a[href="${path}"]`).count(), 0)
        await page.context().close()
        const stranger = await makeVisitor(ground.app.url).get(path)
        assert.equal(stranger.location?.pathname, "/login", path)
      }
    })

    for (const look of looks) {
      it(`fit and read well in the look "${look.name}"`, async () => {
        const { name, ...options } = look
        const { page, complaints } = await signIn(operator, options)
        for (const part of ["feeds", "deliveries", "system"]) {
          const answer = await page.goto(`${ground.app.url}/operator/${part}`)
          assert.equal(answer?.status(), 200, ground.app.logLines.filter((line) => line.includes('"err"')).join("\n"))
          await lookAt(page, `operator ${part} (${name}, ${engine.name})`)
        }
        assert.deepEqual(complaints, [])
        await page.context().close()
      })
    }
  })
})
