import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { commands } from "../../src/cli/commands.ts"
import { runCli } from "../support/processes.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

describe("./sepay", () => {
  it("explains itself, and each command the same words in the list and in its own help", async () => {
    const { code, stdout, stderr } = await runCli(["--help"])
    assert.equal(code, 0)
    assert.equal(stderr, "")
    for (const { name, summary, load } of commands) {
      assert.ok(stdout.includes(`  ${name} `), name)
      assert.ok(stdout.includes(summary), name)
      const command = await load()
      assert.equal(command.name, name)
      assert.equal(command.summary, summary)
    }
  })

  it("explains a command with every flag it takes", async () => {
    const { code, stdout } = await runCli(["user", "create", "--help"])
    assert.equal(code, 0)
    const command = await commands.find((entry) => entry.name === "user create")?.load()
    for (const name of Object.keys(command?.options ?? {})) assert.ok(stdout.includes(`--${name}`), name)
    assert.match(stdout, /--email EMAIL +Whom to sign in as \(required\)/)
  })

  it("lists the commands of a group", async () => {
    const { code, stdout } = await runCli(["keys", "--help"])
    assert.equal(code, 0)
    assert.match(stdout, /keys rotate/)
    assert.doesNotMatch(stdout, /user create/)
  })

  it("tells its version", async () => {
    assert.match((await runCli(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
    assert.match((await runCli(["--version", "--json"])).json<{ version: string }>().version, /^\d/)
  })

  const wrong: readonly (readonly [args: readonly string[], line: RegExp])[] = [
    [["migrat"], /^sepay: Unknown command "migrat": did you mean \.\/sepay migrate\?\n$/],
    [["usr", "create"], /did you mean \.\/sepay user create\?/],
    [["frobnicate"], /^sepay: Unknown command "frobnicate": \.\/sepay --help lists them\.\n$/],
    [["app"], /there are: app create, /],
    [["migrate", "--jsn"], /^sepay: Unknown flag --jsn: did you mean --json\?\n$/],
    [["migrate", "--frobnicate"], /Unknown flag --frobnicate: see \.\/sepay migrate --help/],
    [["migrate", "-j"], /Unknown flag -j/],
    [["migrate", "now"], /"now" is one argument too many for \.\/sepay migrate\./],
    [["migrate", "--json=yes"], /--json takes no value\./],
    [["backup"], /^sepay: FILE is missing/],
    [["user", "create", "--company", "A"], /^sepay: --email is required: EMAIL/],
    [["user", "create", "--email"], /^sepay: --email needs a value: EMAIL/],
    [["user", "create", "--email", "--operator"], /^sepay: --email needs a value/],
    [["user", "create", "--email", "a@b.c", "--email", "d@e.f"], /--email may be given only once/],
    [
      ["user", "create", "--email", "a@b.c", "--role", "Boss"],
      /--role must be one of SuperAdmin, Admin, User, not "Boss"/,
    ],
    [["user", "create", "--email", "a@b.c", "--company-id", "0"], /--company-id must be a whole number from 1 to /],
    [["user", "create", "--email", "a@b.c", "--company-id", "1e3"], /--company-id must be a whole number/],
    [["user", "create", "--email", "a@b.c", "--password", "x"], /Give either --company NAME/],
    [["user", "create", "--email", "a@b.c", "--company", "A"], /--password is missing/],
  ]
  for (const [args, line] of wrong) {
    it(`refuses wrong usage with one line and exit code 2: ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCli(args)
      assert.equal(code, 2, stderr)
      assert.equal(stdout, "")
      assert.match(stderr, line)
      assert.equal(stderr.trimEnd().split("\n").length, 1)
    })
  }

  it("prints one JSON object on standard output for a wrong usage too", async () => {
    const result = await runCli(["backup", "--json"])
    assert.equal(result.code, 2)
    assert.equal(result.json<{ error: string }>().error, "usage")
    assert.match(result.stderr, /FILE is missing/)
  })

  it("works from any folder and through a link, and says what to do when nothing is installed", async () => {
    const run = promisify(execFile)
    const link = join(makeTemporaryDirectory(), "sepay")
    symlinkSync(join(root, "sepay"), link)
    assert.match((await run(link, ["--version"], { cwd: "/" })).stdout, /^\d/)

    const bare = makeTemporaryDirectory()
    mkdirSync(join(bare, "src"))
    await run("cp", [join(root, "sepay"), bare])
    await assert.rejects(run(join(bare, "sepay"), ["serve"]), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1)
      assert.match(error.stderr, /^sepay: .*run npm ci first.*\n$/)
      return true
    })
  })
})
